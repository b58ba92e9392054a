package io.floodlock.examples.chaos;

/** The protection of the system in a run. */
enum Variant {
    PROTECTED("run"),
    /** Floodlock's locks without fencing. Violations are printed and not counted. */
    UNFENCED("unfenced"),
    /** The application without Floodlock. It must show violations, or the run proves nothing. */
    CONTROL("control");

    private final String label;

    Variant(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
