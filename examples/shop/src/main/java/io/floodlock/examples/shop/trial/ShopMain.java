package io.floodlock.examples.shop.trial;

import io.floodlock.examples.kit.Progress;
import io.floodlock.examples.kit.Table;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code examples/run shop}: floods the shop with orders, then audits it. */
@Command(
        name = "examples/run shop",
        mixinStandardHelpOptions = true,
        description = "Floods a Spring Boot shop with orders and checks both of its databases by SQL.")
final class ShopMain implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(names = "--orders", defaultValue = "20000", description = "Orders to place (default: ${DEFAULT-VALUE}).")
    private int orders;

    @Option(names = "--jvms", defaultValue = "2", description = "JVMs of the shop (default: ${DEFAULT-VALUE}).")
    private int jvms;

    @Option(names = "--products", defaultValue = "100", description = "Hot products (default: ${DEFAULT-VALUE}).")
    private int products;

    @Option(names = "--without-agent", description = "Runs the same code without protection; must show violations.")
    private boolean withoutAgent;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ShopMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Plan plan = new Plan(!withoutAgent, jvms, products, Plan.scarce(orders, products), "10s", "everysec", false);
        Demand demand = new Demand(orders);
        System.err.printf(
                "starting Redis, 2 PostgreSQL servers and %d JVMs %s the agent ...%n",
                jvms, withoutAgent ? "WITHOUT" : "with");
        try (Trial trial = Trial.start(plan, demand)) {
            Progress progress = new Progress("orders", orders);
            long begin = System.nanoTime();
            trial.serve(progress::at);
            Audit audit = trial.settle(withoutAgent ? Duration.ZERO : PATIENCE, progress::at);
            double seconds = (System.nanoTime() - begin) / 1e9;
            progress.end();
            table(trial, demand, audit, seconds).print();
            return verdict(demand, audit);
        }
    }

    private Table table(Trial trial, Demand demand, Audit audit, double seconds) throws InterruptedException {
        long queued = withoutAgent ? 0 : demand.calls();
        long run = withoutAgent ? 0 : trial.runs();
        return new Table()
                .row("orders/s", "%,.0f", audit.rows() / seconds)
                .row("call, p50 / p99", "%,.1f / %,.1f ms", demand.callMillis(0.5), demand.callMillis(0.99))
                .row("call to run, p50 / p99", "%,.1f / %,.1f ms", audit.runMillis()[0], audit.runMillis()[1])
                .row("messages queued", "%,d", queued)
                .row("messages run", "%,d", run)
                .row("retries", "%,d", Math.max(0, run - queued))
                .row("transactions rolled back", "%,d", withoutAgent ? 0 : audit.rolledBack())
                .row("orders sold out / declined", "%,d / %,d", audit.soldOut(), audit.declined())
                .row("orders paid / refunded", "%,d / %,d", audit.paid() + audit.refunded(), audit.refunded())
                .row("stock reports / unsound", "%,d / %,d", demand.reports(), demand.unsoundReports());
    }

    private int verdict(Demand demand, Audit audit) {
        if (demand.refused() > 0) {
            System.out.printf(
                    "shop: %d of %d orders could not be placed; the last: %s%n",
                    demand.refused(), orders, demand.lastFailure());
            return 1;
        }
        boolean holds = audit.violations() == 0 && demand.unsoundReports() == 0;
        boolean broke = audit.oversold() > 0 && audit.torn() > 0;
        System.out.printf(
                "shop: %d orders, %s, %d unsound reports%s%n",
                orders, audit, demand.unsoundReports(), withoutAgent ? " (without the agent)" : "");
        return withoutAgent ? (broke ? 0 : 1) : (holds ? 0 : 1);
    }
}
