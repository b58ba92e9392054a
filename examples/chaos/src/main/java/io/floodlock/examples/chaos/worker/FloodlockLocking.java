package io.floodlock.examples.chaos.worker;

import io.floodlock.PessimisticLock;
import io.floodlock.SharedLock;

/** By annotations; without the agent nothing is locked. */
final class FloodlockLocking implements Locking {

    @Override
    @PessimisticLock(key = "{0}", waitTime = "3s")
    public void exclusive(String key, Body body) throws Exception {
        body.run();
    }

    @Override
    @PessimisticLock(key = "{0}", waitTime = "0")
    public void exclusiveAtOnce(String key, Body body) throws Exception {
        body.run();
    }

    @Override
    @SharedLock(key = "{0}", waitTime = "3s")
    public void shared(String key, Body body) throws Exception {
        body.run();
    }

    @Override
    @PessimisticLock(
            key = {"{0}", "{1}"},
            waitTime = "3s")
    public void both(String one, String other, Body body) throws Exception {
        body.run();
    }
}
