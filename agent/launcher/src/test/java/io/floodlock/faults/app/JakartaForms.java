package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.transaction.Transactional;
import java.sql.SQLException;

/** A bean of Jakarta's whose methods have locks, and run in JTA's transactions. */
@ApplicationScoped
public class JakartaForms {

    @Transactional
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    public void add(String item) throws SQLException {
        XaRows.next(item);
    }

    @Transactional(Transactional.TxType.REQUIRES_NEW)
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    public void writeInNew(String item, String line) throws SQLException {
        XaRows.write(line);
    }

    /** Its commit waits at the gate that has the line's name. */
    @Transactional
    public void outer(String item, String line) throws SQLException {
        XaRows.gateCommit(line);
        locked(item, line);
        locked(item, line);
    }

    /** As outer, and what is written under the lock is written in a transaction of its own. */
    @Transactional
    public void outerOfNew(JakartaForms inner, String item, String line) throws SQLException {
        XaRows.gateCommit(line);
        XaRows.write(line);
        inner.writeInNew(item, line);
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    void locked(String item, String line) throws SQLException {
        XaRows.write(line);
    }

    /** Transactional as a whole. */
    @Dependent
    @Transactional
    public static class OnClass {

        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        public void add(String item) throws SQLException {
            XaRows.next(item);
        }
    }
}
