package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A wall clock of server processes that tests can move. It uses libfaketime, a library of Debian that is loaded only
 * into those processes. The machine's clock and the monotonic clock of the processes do not change. Thread-safe.
 */
public final class FakeClock implements AutoCloseable {

    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"));

    private final Path library;
    private final Path folder = TempFolder.create("clock");
    private final Path offset = folder.resolve("offset");

    /** A clock that shows the machine's time at first; empty if libfaketime isn't installed. */
    public static Optional<FakeClock> create() {
        return LIBRARIES.stream().filter(Files::exists).findFirst().map(FakeClock::new);
    }

    private FakeClock(Path library) {
        this.library = library;
        set(Duration.ZERO);
    }

    /** Sets the offset to the machine's clock; negative for a clock that is behind. */
    public void set(Duration ahead) {
        try {
            Path next = Files.writeString(
                    folder.resolve("next"), String.format(Locale.ROOT, "%+.3fs%n", ahead.toMillis() / 1000.0));
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("clock in " + folder, e);
        }
    }

    /** The environment of a process that uses this clock. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                offset.toString(),
                "FAKETIME_NO_CACHE",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1");
    }

    @Override
    public void close() {
        TempFolder.delete(folder);
    }
}
