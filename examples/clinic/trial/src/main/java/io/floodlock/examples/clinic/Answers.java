package io.floodlock.examples.clinic;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the clients were told. */
record Answers(List<Answer> all) {

    /**
     * @param status of HTTP; 0 if there was no answer
     * @param text the body, or why there was none
     */
    record Answer(Wish wish, int status, String text, long micros) {}

    Set<Wish> accepted() {
        return with(201);
    }

    Set<Wish> refused() {
        return with(409);
    }

    private Set<Wish> with(int status) {
        Set<Wish> wishes = new HashSet<>();
        all.stream().filter(answer -> answer.status() == status).forEach(answer -> wishes.add(answer.wish()));
        return wishes;
    }

    /** Neither accepted nor refused. */
    List<Answer> failed() {
        return all.stream()
                .filter(answer -> answer.status() != 201 && answer.status() != 409)
                .toList();
    }

    /** How long an answer took, in milliseconds, for that share of all. */
    double millis(double share) {
        long[] sorted = all.stream().mapToLong(Answer::micros).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1000.0;
    }
}
