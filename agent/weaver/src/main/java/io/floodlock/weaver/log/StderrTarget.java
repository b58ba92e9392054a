package io.floodlock.weaver.log;

/** Writes each line to standard error at once. */
final class StderrTarget implements LogTarget {

    @Override
    public void write(LogLine line) {
        System.err.print(line.print());
        System.err.flush();
    }
}
