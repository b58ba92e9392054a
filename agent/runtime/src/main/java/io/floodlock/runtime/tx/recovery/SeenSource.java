package io.floodlock.runtime.tx.recovery;

import java.lang.ref.WeakReference;
import javax.sql.DataSource;

/** A DataSource that is the application's, and may go with it. */
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
