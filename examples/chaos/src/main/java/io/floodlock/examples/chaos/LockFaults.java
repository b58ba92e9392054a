package io.floodlock.examples.chaos;

import io.floodlock.testkit.WireProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Faults around locks: of JVMs, of Redis, and of the links between them. */
final class LockFaults {

    private static final Duration CLOCK_RANGE = Duration.ofSeconds(20);

    /**
     * Texts by which scripts are recognized: parts of the comment that states what a script does, which Redis
     * receives with the script. Redisson's scripts are matched by {@code redis.call}, as any other script.
     */
    private static final List<String> SCRIPTS = List.of(
            "a lock, or queues for it", "Gives grants back", "another lease from now", "redis.call", "redis.call");

    private final Fleet fleet;
    private final Random random;
    private final Faults faults;

    static void addTo(Faults faults, Fleet fleet, Random random) {
        LockFaults all = new LockFaults(faults, fleet, random);
        all.addThoseOfJvms();
        all.addThoseOfRedis();
        all.addThoseOfLinks();
    }

    private LockFaults(Faults faults, Fleet fleet, Random random) {
        this.faults = faults;
        this.fleet = fleet;
        this.random = random;
    }

    private void addThoseOfJvms() {
        faults.addFirst(
                "stop jvm past lease", () -> stop(fleet.lease().multipliedBy(3).dividedBy(2), fleet.lease()));
        faults.add(
                "stop jvm within lease",
                () -> stop(Duration.ofMillis(50), fleet.lease().multipliedBy(2).dividedBy(3)));
        faults.add(
                "kill jvm",
                () -> onMember(member -> {
                    if (member.leave()) {
                        member.note("killed");
                        member.kill();
                        fleet.later(Fault.within(random, Duration.ofSeconds(1)), member::start);
                    }
                }));
        faults.add("kill jvm as it is granted", () -> killAt("granted", "kill jvm as it is granted"));
        faults.add("kill jvm as it queues", () -> killAt("queued", "kill jvm as it queues"));
        faults.add(
                "terminate jvm",
                () -> onMember(member -> {
                    if (member.leave()) {
                        member.note("terminated");
                        fleet.later(Duration.ZERO, () -> {
                            fleet.terminate(member);
                            member.start();
                        });
                    }
                }));
    }

    private interface Act {
        void on(Member member);
    }

    private boolean onMember(Act act) {
        Member member = fleet.anyUp(random);
        if (member == null) {
            return false;
        }
        act.on(member);
        return true;
    }

    private boolean stop(Duration least, Duration atMostMore) {
        return onMember(member -> {
            Duration time = least.plus(Fault.within(random, atMostMore));
            member.note("stopped for " + time.toMillis() + " ms");
            member.pause();
            fleet.later(time, member::resume);
        });
    }

    /** Arms a rule that counts the fault when it happens, because the reply may never arrive. */
    private boolean killAt(String reply, String kind) {
        onMember(member -> member.link()
                .atReply(text -> text.contains(reply))
                .nth(1 + random.nextInt(5))
                .doing(() -> {
                    if (member.leave()) {
                        faults.count(kind);
                        member.note("killed at " + reply);
                        member.kill();
                        fleet.later(Duration.ofMillis(300), member::start);
                    }
                })
                .pass());
        return false;
    }

    private void addThoseOfRedis() {
        RedisPair redis = fleet.redis();
        faults.add(
                "stop redis past lease",
                () -> stopRedis(fleet.lease().multipliedBy(3).dividedBy(2), fleet.lease()));
        faults.add(
                "stop redis within lease",
                () -> stopRedis(Duration.ZERO, fleet.lease().dividedBy(2)));
        faults.add("kill redis", () -> {
            redis.master().kill();
            fleet.work(Fault.within(random, fleet.lease().multipliedBy(2)));
            redis.master().restart();
            return true;
        });
        faults.add("restart redis empty", () -> {
            fleet.amnesia().begins(System.nanoTime());
            redis.master().restartEmpty();
            fleet.amnesia().ends(System.nanoTime());
            return true;
        });
        faults.add("promote stale replica", () -> {
            fleet.amnesia().begins(System.nanoTime());
            if (!redis.cutReplication()) {
                fleet.amnesia().ends(System.nanoTime());
                return false;
            }
            fleet.work(Fault.within(random, Duration.ofSeconds(1)));
            redis.promote();
            fleet.followMaster();
            fleet.amnesia().ends(System.nanoTime());
            redis.rejoin();
            return true;
        });
        redis.clock()
                .ifPresentOrElse(
                        clock -> faults.add("move redis clock", () -> {
                            // the clock may move forward or back, relative to its present offset
                            fleet.amnesia().begins(System.nanoTime());
                            clock.set(CLOCK_RANGE
                                    .multipliedBy(random.nextInt(201) - 100)
                                    .dividedBy(100));
                            fleet.amnesia().ends(System.nanoTime());
                            return true;
                        }),
                        () -> faults.lacks("move redis clock", "libfaketime isn't installed"));
        faults.add("script flush", () -> {
            redis.master().cli("SCRIPT", "FLUSH");
            return true;
        });
    }

    private boolean stopRedis(Duration least, Duration atMostMore) throws InterruptedException {
        fleet.redis().master().pause();
        try {
            fleet.work(least.plus(Fault.within(random, atMostMore)));
        } finally {
            fleet.redis().master().resume();
        }
        return true;
    }

    private void addThoseOfLinks() {
        faults.add("cut link", () -> onMember(member -> member.link().cut()));
        faults.add("cut all links", () -> {
            fleet.members().forEach(member -> member.link().cut());
            return true;
        });
        faults.add(
                "refuse connections",
                () -> onMember(member -> {
                    member.link().refuse();
                    fleet.later(Fault.within(random, fleet.lease().multipliedBy(2)), member.link()::accepting);
                }));
        faults.add("lose a script's reply", () -> loseScript("lose a script's reply", true));
        faults.add("lose a script", () -> loseScript("lose a script", false));
        for (Direction direction : Direction.values()) {
            String name = "stall " + direction.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            faults.add(name, () -> stall(direction, false));
            faults.add(name + ", then cut", () -> stall(direction, true));
        }
    }

    /** Arms a rule that counts the fault when it happens. */
    private boolean loseScript(String kind, boolean reply) {
        String excerpt = SCRIPTS.get(random.nextInt(SCRIPTS.size()));
        onMember(member -> {
            var rule = member.link()
                    .at(text -> text.startsWith("EVAL") && text.contains(excerpt))
                    .nth(1 + random.nextInt(10))
                    .doing(() -> faults.count(kind));
            if (reply) {
                rule.cutReply();
            } else {
                rule.cut();
            }
        });
        return false;
    }

    private boolean stall(Direction direction, boolean cut) {
        return onMember(member -> {
            member.link().stall(direction);
            fleet.later(Fault.within(random, fleet.lease().multipliedBy(2)), () -> {
                if (cut) {
                    member.link().cut();
                }
                member.link().flow();
            });
        });
    }
}
