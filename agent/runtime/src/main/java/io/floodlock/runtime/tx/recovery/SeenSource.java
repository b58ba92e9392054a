package io.floodlock.runtime.tx.recovery;

import java.lang.ref.WeakReference;
import javax.sql.DataSource;

/** A DataSource of the application, held weakly: it is collected with the application. */
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
