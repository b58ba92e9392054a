package com.example.clinic;

import java.time.LocalDateTime;
import java.util.List;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.repository.Repository;

interface VisitRepository extends Repository<Visit, Long> {

    Visit save(Visit visit);

    /** Whether a visit in this vet's calendar overlaps the time from start to end. */
    boolean existsByVetAndStartsAtBeforeAndEndsAtAfter(Vet vet, LocalDateTime end, LocalDateTime start);

    @EntityGraph(attributePaths = "pet")
    List<Visit> findByVetIdAndStartsAtBetweenOrderByStartsAt(long vet, LocalDateTime from, LocalDateTime to);
}
