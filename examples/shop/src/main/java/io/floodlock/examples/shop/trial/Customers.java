package io.floodlock.examples.shop.trial;

import io.floodlock.examples.shop.Desk;
import io.floodlock.examples.shop.Order;
import io.floodlock.examples.shop.ShopApplication;
import io.floodlock.examples.shop.Tally;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;

/**
 * Main class of a JVM of the shop with its customers, sixteen at a time. Each line of its input is a command. It
 * answers {@code buy 17} with {@code @done 17 MICROS REPORT} once all calls of that order are stored (without the
 * agent: done), or with {@code @failed 17 REASON}.
 */
final class Customers {

    private static final int AT_ONCE = 16;

    /** One of this many customers overflows a stack, in the JVM where that happens. */
    private static final int OVERFLOW_EVERY = 50;

    private final boolean overflows = Boolean.getBoolean("shop.overflows");

    private final Desk desk;
    private final Tally tally;
    private final int products;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

    private Customers(ApplicationContext shop) {
        desk = shop.getBean(Desk.class);
        tally = shop.getBean(Tally.class);
        products = Integer.getInteger("shop.products");
    }

    public static void main(String[] args) {
        new Customers(SpringApplication.run(ShopApplication.class, args)).serve();
    }

    private void serve() {
        System.out.println("@ready");
        try (Scanner lines = new Scanner(System.in)) {
            while (lines.hasNextLine()) {
                String[] fields = lines.nextLine().split(" ");
                switch (fields[0]) {
                    case "buy" -> threads.execute(() -> System.out.println(buy(Long.parseLong(fields[1]))));
                    case "tally" -> System.out.println("@tally " + tally.runs());
                    default -> throw new IllegalArgumentException(fields[0]);
                }
            }
        }
        threads.shutdown();
    }

    private String buy(long id) {
        try {
            if (overflows && id % OVERFLOW_EVERY == 0) {
                Overflow.survive();
            }
            Order order = Customer.order(id, products);
            long begin = System.nanoTime();
            desk.place(order);
            long micros = (System.nanoTime() - begin) / 1_000;
            if (Customer.pays(id)) {
                desk.pay(order);
            }
            if (Customer.returns(id)) {
                desk.refund(order);
            }
            return "@done " + id + " " + micros + " " + report(id, order);
        } catch (RuntimeException e) {
            return "@failed " + id + " " + e.toString().lines().findFirst().orElseThrow();
        }
    }

    private String report(long id, Order order) {
        if (!Customer.requestsReport(id)) {
            return "none";
        }
        return desk.report(order.product()).addsUp() ? "sound" : "unsound";
    }
}
