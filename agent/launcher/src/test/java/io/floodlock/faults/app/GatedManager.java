package io.floodlock.faults.app;

import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Waits before the commit of a thread that has asked for it, when the body has returned long since. */
final class GatedManager extends JdbcTransactionManager {

    private static final long serialVersionUID = 1L;

    private static final ThreadLocal<String> GATE = new ThreadLocal<>();

    GatedManager(DataSource source) {
        super(source);
    }

    /** The next commit on this thread. */
    static void waitAt(String gate) {
        GATE.set(gate);
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        String gate = GATE.get();
        if (gate != null) {
            GATE.remove();
            Console.say("committing " + gate + " " + TransactionSynchronizationManager.isActualTransactionActive());
            Console.waitAt(gate);
        }
        super.doCommit(status);
    }
}
