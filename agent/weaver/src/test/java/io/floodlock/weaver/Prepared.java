package io.floodlock.weaver;

import io.floodlock.Queued;

/** Needs its initializer before stored calls make sense. */
public class Prepared {

    static final StringBuilder STATE = new StringBuilder("prepared");

    private Prepared() {}

    @Queued
    static void run(String text) {
        STATE.append(text);
    }
}
