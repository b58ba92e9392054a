package io.floodlock.runtime.lock;

/** Who asks, for people. */
record Who(String thread, String site) {

    static Who here(String site) {
        return new Who(Thread.currentThread().getName(), site);
    }

    @Override
    public String toString() {
        return "thread " + thread + " in " + site;
    }
}
