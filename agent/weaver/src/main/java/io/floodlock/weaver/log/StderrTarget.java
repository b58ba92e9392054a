package io.floodlock.weaver.log;

/** Standard error, each line at once. */
final class StderrTarget implements LogTarget {

    @Override
    public void write(LogLine line) {
        System.err.print(line.print());
        System.err.flush();
    }
}
