package com.example.clinic;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.util.ArrayList;
import java.util.List;

/** An owner of pets, who pays for their visits. */
@Entity
class Owner {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    private String name;
    private String telephone;

    @OneToMany(mappedBy = "owner", cascade = CascadeType.ALL)
    @OrderBy("name")
    private List<Pet> pets = new ArrayList<>();

    protected Owner() {}

    Owner(String name, String telephone) {
        this.name = name;
        this.telephone = telephone;
    }

    Pet bring(String petName, String species) {
        Pet pet = new Pet(this, petName, species);
        pets.add(pet);
        return pet;
    }

    Long id() {
        return id;
    }

    String name() {
        return name;
    }

    String telephone() {
        return telephone;
    }

    List<Pet> pets() {
        return pets;
    }
}
