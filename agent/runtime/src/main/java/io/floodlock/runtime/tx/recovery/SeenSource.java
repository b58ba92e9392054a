package io.floodlock.runtime.tx.recovery;

import java.lang.ref.WeakReference;
import javax.sql.DataSource;

/**
 * One DataSource of the application that {@link Recovery} sweeps. It is held weakly, so that it can be collected with
 * the application.
 */
final class SeenSource {

    private final WeakReference<DataSource> source;

    SeenSource(DataSource source) {
        this.source = new WeakReference<>(source);
    }

    boolean is(DataSource other) {
        return source.refersTo(other);
    }

    DataSource get() {
        return source.get();
    }
}
