package com.example.clinic;

import java.time.LocalDateTime;

/** A request of an owner for a number of minutes of a vet's time. */
record Booking(long vetId, long petId, LocalDateTime startsAt, int minutes, String reason) {

    Booking {
        if (startsAt == null || minutes < 10 || minutes > 240) {
            throw new IllegalArgumentException("a visit has a start and takes 10 to 240 minutes, not " + minutes);
        }
    }
}
