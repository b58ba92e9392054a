package com.example.clinic;

import java.time.LocalDateTime;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

@ResponseStatus(HttpStatus.CONFLICT)
class SlotTakenException extends RuntimeException {

    SlotTakenException(String vet, LocalDateTime start) {
        super(vet + " sees another patient at " + start);
    }
}
