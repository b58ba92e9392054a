package io.floodlock.examples.chaos;

import io.floodlock.testkit.WireProxy;
import io.floodlock.testkit.WireRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Faults between JVMs and their databases, most of them at commits, whose outcome the client then does not know. */
final class DatabaseFaults {

    private final Faults faults;
    private final Fleet fleet;
    private final Random random;
    private final Map<Member, List<WireProxy>> links;

    /**
     * @param links the proxies of each JVM, one per database
     * @param middle a statement in the middle of a transaction, by its text
     */
    static void addTo(
            Faults faults, Fleet fleet, Random random, Map<Member, List<WireProxy>> links, Predicate<String> middle) {
        new DatabaseFaults(faults, fleet, random, links).add(middle);
    }

    private DatabaseFaults(Faults faults, Fleet fleet, Random random, Map<Member, List<WireProxy>> links) {
        this.faults = faults;
        this.fleet = fleet;
        this.random = random;
        this.links = links;
    }

    private void add(Predicate<String> middle) {
        Duration lease = fleet.lease();
        atCommit("lose a commit", WireRule::cut);
        atCommit("lose a commit's reply", WireRule::cutReply);
        // the guard has accepted the commit; with another fault at the same time the lock may be lost when it arrives
        atCommit("delay a commit past lease", rule -> rule.delay(lease.multipliedBy(2)));
        killAtCommit("kill jvm before a commit", WireRule::cut);
        // the commit of the killed JVM arrives while another JVM holds the lock
        killAtCommit("kill jvm, its commit comes late", rule -> rule.delay(lease.multipliedBy(2)));
        killAtCommit("kill jvm at a commit", WireRule::pass);
        stopAt("stop jvm past lease in a transaction", middle);
        faults.add("cut database links", () -> {
            Member member = fleet.anyUp(random);
            if (member == null) {
                return false;
            }
            links.get(member).forEach(WireProxy::cut);
            return true;
        });
    }

    private void atCommit(String kind, Consumer<WireRule> end) {
        faults.add(kind, () -> {
            Member member = fleet.anyUp(random);
            if (member != null) {
                end.accept(commitOf(member).doing(() -> faults.count(kind)));
            }
            // the rule counts the fault when it happens
            return false;
        });
    }

    private void killAtCommit(String kind, Consumer<WireRule> end) {
        faults.add(kind, () -> {
            Member member = fleet.anyUp(random);
            if (member != null) {
                end.accept(commitOf(member).doing(() -> {
                    if (member.leave()) {
                        faults.count(kind);
                        member.note(kind);
                        member.kill();
                        fleet.later(Duration.ofMillis(300), member::start);
                    }
                }));
            }
            return false;
        });
    }

    private void stopAt(String kind, Predicate<String> middle) {
        faults.add(kind, () -> {
            Member member = fleet.anyUp(random);
            if (member != null) {
                linkOf(member)
                        .at(middle)
                        .nth(1 + random.nextInt(5))
                        .doing(() -> {
                            if (member.isUp()) {
                                faults.count(kind);
                                member.note(kind);
                                member.pause();
                                fleet.later(fleet.lease().multipliedBy(2), member::resume);
                            }
                        })
                        .pass();
            }
            return false;
        });
    }

    private WireRule commitOf(Member member) {
        return linkOf(member).at(sql -> sql.equalsIgnoreCase("COMMIT")).nth(1 + random.nextInt(5));
    }

    private WireProxy linkOf(Member member) {
        List<WireProxy> all = links.get(member);
        return all.get(random.nextInt(all.size()));
    }
}
