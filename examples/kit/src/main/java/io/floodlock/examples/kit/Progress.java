package io.floodlock.examples.kit;

/**
 * A progress bar on standard error: one line that is redrawn on a terminal, otherwise one line per tenth. Not
 * thread-safe.
 */
public final class Progress {

    private static final int WIDTH = 40;
    private static final boolean TERMINAL = Boolean.getBoolean("examples.terminal");

    private final String label;
    private final long total;
    private long started;
    private int drawn = -1;

    public Progress(String label, long total) {
        this.label = label;
        this.total = Math.max(1, total);
    }

    /** Draws the progress; a value beyond the total is drawn as complete. */
    public void at(long done) {
        long capped = Math.min(Math.max(done, 0), total);
        int step = (int) (capped * (TERMINAL ? 1000 : 10) / total);
        if (step == drawn) {
            return;
        }
        if (drawn < 0) {
            started = System.nanoTime();
        }
        drawn = step;
        int filled = (int) (capped * WIDTH / total);
        String bar = "%-12s [%s%s] %3d %%  %,d of %,d  %d s"
                .formatted(
                        label,
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        capped * 100 / total,
                        done,
                        total,
                        (System.nanoTime() - started) / 1_000_000_000);
        System.err.print(TERMINAL ? "\r" + bar : bar + "\n");
    }

    /** Ends the line. */
    public void end() {
        if (TERMINAL) {
            System.err.println();
        }
    }
}
