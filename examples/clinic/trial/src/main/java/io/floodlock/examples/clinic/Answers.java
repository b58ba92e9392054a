package io.floodlock.examples.clinic;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The answers that the clients received. */
record Answers(List<Answer> all) {

    /**
     * @param status the HTTP status; 0 if there was no answer
     * @param text the body, or the reason why there was no answer
     * @param micros the time to the answer in microseconds
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

    /** The answers that are neither an acceptance nor a refusal. */
    List<Answer> failed() {
        return all.stream()
                .filter(answer -> answer.status() != 201 && answer.status() != 409)
                .toList();
    }

    /** The time in milliseconds within which this share of all answers arrived. */
    double millis(double share) {
        long[] sorted = all.stream().mapToLong(Answer::micros).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1000.0;
    }
}
