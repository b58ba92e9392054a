package com.example.clinic;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /owners?name=Mu} finds owners with their pets; {@code POST /owners} registers an owner with pets. */
@RestController
@RequestMapping("/owners")
class OwnerController {

    private final OwnerRepository owners;

    OwnerController(OwnerRepository owners) {
        this.owners = owners;
    }

    record PetView(Long id, String name, String species) {

        static PetView of(Pet pet) {
            return new PetView(pet.id(), pet.name(), pet.species());
        }
    }

    record OwnerView(Long id, String name, String telephone, List<PetView> pets) {

        static OwnerView of(Owner owner) {
            return new OwnerView(
                    owner.id(),
                    owner.name(),
                    owner.telephone(),
                    owner.pets().stream().map(PetView::of).toList());
        }
    }

    @GetMapping
    List<OwnerView> find(@RequestParam(defaultValue = "") String name) {
        return owners.findByNameStartingWithIgnoreCaseOrderByName(name).stream()
                .map(OwnerView::of)
                .toList();
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    OwnerView register(@RequestBody OwnerView form) {
        Owner owner = new Owner(form.name(), form.telephone());
        form.pets().forEach(pet -> owner.bring(pet.name(), pet.species()));
        return OwnerView.of(owners.save(owner));
    }
}
