package com.example.clinic;

import java.util.Optional;
import org.springframework.data.repository.Repository;

interface PetRepository extends Repository<Pet, Long> {

    Optional<Pet> findById(long id);
}
