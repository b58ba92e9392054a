package io.floodlock.launcher.app;

import io.floodlock.Queued;

/** Needs its initializer before stored calls make sense. */
public final class Prepared {

    static final StringBuilder STATE = new StringBuilder("prepared");

    private Prepared() {}

    public static void main(String[] args) {
        run(1);
    }

    @Queued
    static void run(long id) {
        System.out.println(STATE);
    }
}
