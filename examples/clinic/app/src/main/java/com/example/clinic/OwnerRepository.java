package com.example.clinic;

import java.util.List;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.repository.Repository;

interface OwnerRepository extends Repository<Owner, Long> {

    Owner save(Owner owner);

    @EntityGraph(attributePaths = "pets")
    List<Owner> findByNameStartingWithIgnoreCaseOrderByName(String start);
}
