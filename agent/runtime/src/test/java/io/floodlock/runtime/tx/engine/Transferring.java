package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.config.Durations;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.TxPropagation;
import java.util.Map;

/** A JVM of its own that makes one transfer and prints how it ended. */
final class Transferring {

    private Transferring() {}

    public static void main(String[] args) throws Exception {
        try (Transactions engine =
                        new Transactions(Settings.of(Map.of("namespace", "faults")), Events.NONE, () -> null);
                Bank a = Bank.simple(engine, args[0]);
                Bank b = Bank.simple(engine, args[1])) {
            Scopes.Body transfer = () -> {
                a.add(1, -10);
                b.add(1, 10);
            };
            if (args[3].equals("plain")) {
                transfer.run();
            } else {
                Scopes.run(engine, Scopes.attributes(TxPropagation.REQUIRED, Durations.parse(args[2])), transfer);
            }
            System.out.println("COMMITTED");
        } catch (FloodlockFailure e) {
            System.out.println(e.kind() + " " + e.getMessage());
        }
    }
}
