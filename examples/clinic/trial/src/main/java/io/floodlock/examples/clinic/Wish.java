package io.floodlock.examples.clinic;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The request of one client for half an hour of one vet's time.
 *
 * @param number unique; the booking contains it, so that the database can be compared with the answers
 */
record Wish(int number, long vet, LocalDateTime start) {

    static final int MINUTES = 30;

    private static final LocalDateTime FIRST = LocalDate.of(2030, 1, 7).atTime(9, 0);
    private static final int SLOTS_A_DAY = 16;
    private static final int MOST_RIVALS = 8;

    /** The size of the groups in which neighboring wishes are shuffled. */
    private static final int CROWD = 24;

    /** Draws this many wishes: each slot is requested by one to eight clients at about the same time. */
    static List<Wish> draw(int count, List<Long> vets, long seed) {
        Random random = new Random(seed);
        List<Wish> wishes = new ArrayList<>();
        for (int slot = 0; wishes.size() < count; slot++) {
            int rivals = Math.min(1 + random.nextInt(MOST_RIVALS), count - wishes.size());
            for (int i = 0; i < rivals; i++) {
                wishes.add(new Wish(wishes.size() + 1, vets.get(slot % vets.size()), start(slot / vets.size())));
            }
        }
        for (int from = 0; from < count; from += CROWD) {
            Collections.shuffle(wishes.subList(from, Math.min(from + CROWD, count)), random);
        }
        return wishes;
    }

    private static LocalDateTime start(int slotOfVet) {
        return FIRST.plusDays(slotOfVet / SLOTS_A_DAY).plusMinutes(slotOfVet % SLOTS_A_DAY * MINUTES);
    }
}
