package io.floodlock.examples.shop;

import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** Counts the runs of stored calls in this JVM, for the table at the end. */
@Component
public class Tally {

    private final LongAdder runs = new LongAdder();

    void ran(int calls) {
        runs.add(calls);
    }

    public long runs() {
        return runs.sum();
    }
}
