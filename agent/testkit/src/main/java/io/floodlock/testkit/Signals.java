package io.floodlock.testkit;

import java.io.IOException;

/** Sends signals by process id, because faults are caused from outside the process that they hit. */
final class Signals {

    private Signals() {}

    static void kill(long pid) {
        send("KILL", pid);
    }

    static void terminate(long pid) {
        send("TERM", pid);
    }

    static void quit(long pid) {
        send("QUIT", pid);
    }

    static void pause(long pid) {
        send("STOP", pid);
    }

    static void resume(long pid) {
        send("CONT", pid);
    }

    private static void send(String signal, long pid) {
        try {
            int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (status != 0 && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                throw new IllegalStateException("kill -" + signal + " " + pid + " answered " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException("kill -" + signal + " " + pid + " could not be run", e);
        } catch (InterruptedException e) {
            throw Interrupts.restored("sending SIG" + signal, e);
        }
    }
}
