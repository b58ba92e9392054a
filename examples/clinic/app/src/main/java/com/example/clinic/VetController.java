package com.example.clinic;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /vets} lists the vets. */
@RestController
@RequestMapping("/vets")
class VetController {

    private final VetRepository vets;

    VetController(VetRepository vets) {
        this.vets = vets;
    }

    record VetView(Long id, String name, String specialty) {

        static VetView of(Vet vet) {
            return new VetView(vet.id(), vet.name(), vet.specialty());
        }
    }

    @GetMapping
    List<VetView> all() {
        return vets.findAllByOrderByName().stream().map(VetView::of).toList();
    }
}
