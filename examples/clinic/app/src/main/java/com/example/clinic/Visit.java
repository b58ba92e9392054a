package com.example.clinic;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import java.time.LocalDateTime;

/** A part of a vet's time that is booked for one pet. */
@Entity
class Visit {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    private Vet vet;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    private Pet pet;

    private LocalDateTime startsAt;
    private LocalDateTime endsAt;
    private String reason;

    protected Visit() {}

    Visit(Vet vet, Pet pet, LocalDateTime startsAt, LocalDateTime endsAt, String reason) {
        this.vet = vet;
        this.pet = pet;
        this.startsAt = startsAt;
        this.endsAt = endsAt;
        this.reason = reason;
    }

    Long id() {
        return id;
    }

    Pet pet() {
        return pet;
    }

    LocalDateTime startsAt() {
        return startsAt;
    }

    LocalDateTime endsAt() {
        return endsAt;
    }

    String reason() {
        return reason;
    }
}
