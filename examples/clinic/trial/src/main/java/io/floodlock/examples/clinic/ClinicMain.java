package io.floodlock.examples.clinic;

import io.floodlock.examples.kit.Progress;
import io.floodlock.examples.kit.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code examples/run clinic}: many clients request the same vet at the same time; then the database is audited. */
@Command(
        name = "examples/run clinic",
        mixinStandardHelpOptions = true,
        description =
                "Books visits at a Spring Boot clinic that knows nothing of Floodlock and is protected by a rules file;"
                        + " checks its database by SQL.")
final class ClinicMain implements Callable<Integer> {

    @Option(
            names = "--bookings",
            defaultValue = "5000",
            description = "Bookings to ask for (default: ${DEFAULT-VALUE}).")
    private int bookings;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the bookings (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--jvms", defaultValue = "2", description = "JVMs of the clinic (default: ${DEFAULT-VALUE}).")
    private int jvms;

    @Option(names = "--without-agent", description = "Runs the same jar without protection; must show violations.")
    private boolean withoutAgent;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ClinicMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        System.err.printf(
                "starting Redis, PostgreSQL and %d JVMs %s the agent; seed %d ...%n",
                jvms, withoutAgent ? "WITHOUT" : "with", seed);
        try (Clinic clinic = Clinic.start(!withoutAgent, jvms)) {
            Clients clients = new Clients(clinic.addresses());
            clients.register();
            List<Wish> wishes = Wish.draw(bookings, clients.vets(), seed);
            Progress progress = new Progress("bookings", bookings);
            long begin = System.nanoTime();
            Answers answers = clients.ask(wishes, progress::at);
            double seconds = (System.nanoTime() - begin) / 1e9;
            progress.end();
            Audit audit = Audit.of(clinic.jdbcUrl(), wishes, answers.accepted(), answers.refused());
            new Table()
                    .row("bookings/s", "%,.0f", bookings / seconds)
                    .row("answer, p50 / p99", "%,.1f / %,.1f ms", answers.millis(0.5), answers.millis(0.99))
                    .row("slots wanted", "%,d", Audit.slots(wishes))
                    .row("accepted", "%,d", answers.accepted().size())
                    .row("double-booked", "%,d", audit.doubleBooked())
                    .print();
            return verdict(answers, audit);
        }
    }

    private int verdict(Answers answers, Audit audit) {
        int failed = answers.failed().size();
        System.out.printf(
                "clinic: %d bookings asked, %d accepted, %d refused, %s%s%s%n",
                bookings,
                answers.accepted().size(),
                answers.refused().size(),
                audit,
                failed == 0
                        ? ""
                        : ", %d failed, the first with %s"
                                .formatted(failed, answers.failed().get(0)),
                withoutAgent ? " (without the agent)" : "");
        boolean shown = withoutAgent ? audit.doubleBooked() > 0 : audit.holds();
        return shown && failed == 0 ? 0 : 1;
    }
}
