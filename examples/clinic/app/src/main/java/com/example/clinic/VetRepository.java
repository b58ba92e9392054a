package com.example.clinic;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

interface VetRepository extends Repository<Vet, Long> {

    List<Vet> findAllByOrderByName();

    Optional<Vet> findById(long id);
}
