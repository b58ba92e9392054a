package com.example.clinic;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

/** A vet, who sees one patient at a time. */
@Entity
class Vet {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    private String name;
    private String specialty;

    protected Vet() {}

    Long id() {
        return id;
    }

    String name() {
        return name;
    }

    String specialty() {
        return specialty;
    }
}
