package io.floodlock.testkit;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The common part of all servers: a port, and a folder with data and log, which is deleted when the server is closed
 * or this JVM exits. Methods that start or end processes hold the monitor.
 */
abstract class Server implements AutoCloseable {

    final Path folder;
    private final String name;
    private final int port;
    private final Thread atExit;

    /** @param name part of the names of the folder, the log and the cleanup thread */
    Server(String name, int port) {
        this.name = name;
        this.port = port;
        folder = TempFolder.create(name);
        atExit = new Thread(this::stopAndDelete, "floodlock-testkit-" + name + "-exit");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Installs and launches the server; if that fails, leaves nothing behind. */
    static <S extends Server> S launched(S server) {
        try {
            server.install();
            server.launch();
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Prepares the folder before the first launch. */
    void install() {}

    /** Starts the server and returns when it answers. */
    abstract void launch();

    abstract boolean running();

    /** Ends the server, which must be running. */
    abstract void stop();

    public int port() {
        return port;
    }

    /** Sends SIGKILL to all its processes and returns when they have ended; the data folder remains. */
    public abstract void kill();

    /** Starts it again with the same port and data folder, and kills it before if it still runs. */
    public synchronized void restart() {
        killIfRunning();
        launch();
    }

    final synchronized void killIfRunning() {
        if (running()) {
            kill();
        }
    }

    /** Sends SIGSTOP to all its processes: connections stay open and get no answer. */
    public abstract void pause();

    /** Sends SIGCONT. */
    public abstract void resume();

    final Redirect toLog() {
        return Redirect.appendTo(log().toFile());
    }

    final String logText() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "(no log)";
        } catch (IOException e) {
            return "(log not readable: " + e + ")";
        }
    }

    private Path log() {
        return folder.resolve(name + ".log");
    }

    /** Stops the server and deletes its data folder. */
    @Override
    public void close() {
        stopAndDelete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is exiting, so the hook runs or has run
        }
    }

    private synchronized void stopAndDelete() {
        if (running()) {
            stop();
        }
        TempFolder.delete(folder);
    }
}
