package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A server that consists of one process. */
abstract class ServerProcess extends Server {

    private final String title;
    private final Duration startLimit;
    private Process process;

    /** @param title its name in failure messages */
    ServerProcess(String name, String title, int port, Duration startLimit) {
        super(name, port);
        this.title = title;
        this.startLimit = startLimit;
    }

    abstract Process started() throws IOException;

    /** Whether it answers a client now. */
    abstract boolean answers();

    @Override
    final synchronized void launch() {
        try {
            process = started();
        } catch (IOException e) {
            throw new UncheckedIOException(title + " could not be started", e);
        }
        Await.until(() -> title + " answers on port " + port() + "\n" + logText(), startLimit, this::up);
    }

    private boolean up() {
        if (!process.isAlive()) {
            throw new IllegalStateException(title + " exited with " + process.exitValue() + "\n" + logText());
        }
        return answers();
    }

    public synchronized long pid() {
        return process.pid();
    }

    @Override
    final synchronized boolean running() {
        return process != null && process.isAlive();
    }

    @Override
    final void stop() {
        kill();
    }

    @Override
    public synchronized void kill() {
        Signals.kill(process.pid());
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw Interrupts.restored("waiting for " + title + " to die", e);
        }
    }

    @Override
    public synchronized void pause() {
        Signals.pause(process.pid());
    }

    @Override
    public synchronized void resume() {
        Signals.resume(process.pid());
    }
}
