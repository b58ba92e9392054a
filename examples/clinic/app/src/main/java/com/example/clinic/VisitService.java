package com.example.clinic;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The vets' calendars.
 *
 * <p>This class has a race: the check for a free slot and the write of the visit are not one step. If two requests
 * check at the same moment, both find the slot free, and both get it. A transaction does not prevent this at
 * PostgreSQL's default isolation level, and no constraint of the schema does.
 */
@Service
class VisitService {

    private final VisitRepository visits;
    private final VetRepository vets;
    private final PetRepository pets;

    VisitService(VisitRepository visits, VetRepository vets, PetRepository pets) {
        this.visits = visits;
        this.vets = vets;
        this.pets = pets;
    }

    @Transactional
    public Visit book(Booking booking) {
        Vet vet = vets.findById(booking.vetId()).orElseThrow(() -> new NotFoundException("vet", booking.vetId()));
        Pet pet = pets.findById(booking.petId()).orElseThrow(() -> new NotFoundException("pet", booking.petId()));
        LocalDateTime start = booking.startsAt();
        LocalDateTime end = start.plusMinutes(booking.minutes());
        if (visits.existsByVetAndStartsAtBeforeAndEndsAtAfter(vet, end, start)) {
            throw new SlotTakenException(vet.name(), start);
        }
        return visits.save(new Visit(vet, pet, start, end, booking.reason()));
    }

    @Transactional(readOnly = true)
    public List<Visit> calendar(long vetId, LocalDate day) {
        return visits.findByVetIdAndStartsAtBetweenOrderByStartsAt(
                vetId, day.atStartOfDay(), day.plusDays(1).atStartOfDay());
    }
}
