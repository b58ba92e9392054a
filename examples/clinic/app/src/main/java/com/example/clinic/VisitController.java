package com.example.clinic;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /visits} books a visit, or returns 409 if the vet is busy; {@code GET /visits?vet=1&day=2030-01-07}
 * lists the visits of a day.
 */
@RestController
@RequestMapping("/visits")
class VisitController {

    private final VisitService visits;

    VisitController(VisitService visits) {
        this.visits = visits;
    }

    record VisitView(Long id, LocalDateTime startsAt, LocalDateTime endsAt, String pet, String reason) {

        static VisitView of(Visit visit) {
            return new VisitView(
                    visit.id(), visit.startsAt(), visit.endsAt(), visit.pet().name(), visit.reason());
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    VisitView book(@RequestBody Booking booking) {
        return VisitView.of(visits.book(booking));
    }

    @GetMapping
    List<VisitView> calendar(@RequestParam long vet, @RequestParam LocalDate day) {
        return visits.calendar(vet, day).stream().map(VisitView::of).toList();
    }
}
