package io.floodlock.runtime.tx;

/**
 * Whether a thread has the stack that ending a transaction takes: a driver that overflows it in the middle of a message
 * leaves a connection of which nothing is known. A thread has a full stack here where the application catches its
 * own StackOverflowError, or throws one out of its method.
 */
final class StackRoom {

    /** Of some 100 bytes each, more where code is interpreted: several times what drivers and pools use. */
    private static final int FRAMES = 600;

    private StackRoom() {}

    static boolean isEnough() {
        try {
            return touch(FRAMES) == FRAMES;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    private static int touch(int frames) {
        return frames == 0 ? 0 : 1 + touch(frames - 1);
    }
}
