package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.time.Clock;

/** The system's, whose wall clock a test sets forward. */
final class JumpingClock implements Clock {

    private volatile long jumped;

    void jump(long millis) {
        jumped = millis;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis() + jumped;
    }
}
