package io.floodlock.examples.chaos;

/** What protects the system in a run. */
enum Variant {
    PROTECTED("run"),
    /** By Floodlock's locks alone; its violations are told and count for nothing. */
    UNFENCED("unfenced"),
    /** As an application is without Floodlock: it must show violations, or the run proves nothing. */
    CONTROL("control");

    private final String label;

    Variant(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
