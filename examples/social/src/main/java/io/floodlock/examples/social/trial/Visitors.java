package io.floodlock.examples.social.trial;

import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.examples.social.Feed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One JVM of the network, with its visitors. It makes its share of the posts on {@code posts}, and of the visits on
 * {@code visits}, and runs stored calls until its standard input ends.
 */
final class Visitors {

    private static final int THREADS = 16;
    private static final int POOL_SIZE = 24;

    private final Feed feed;
    private final int posts = Integer.getInteger("social.posts");
    private final int visits = Integer.getInteger("social.visits");
    private final int jvms = Integer.getInteger("social.jvms");
    private final int jvm = Integer.getInteger("social.jvm");
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private interface Act {
        void of(long number, String user) throws SQLException;
    }

    private Visitors(Feed feed) {
        this.feed = feed;
    }

    public static void main(String[] args) throws Exception {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(System.getProperty("social.database"));
        pool.setMaximumPoolSize(POOL_SIZE);
        try (Connection connection = pool.getConnection()) {
            connection.isValid(1);
        }
        try {
            new Visitors(new Feed(pool)).serve();
            System.exit(0);
        } catch (Exception e) {
            // its other threads would keep the JVM
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void serve() throws Exception {
        System.out.println("@ready");
        try (Scanner lines = new Scanner(System.in)) {
            while (lines.hasNextLine()) {
                switch (lines.nextLine()) {
                    case "posts" -> share(posts, feed::post);
                    case "visits" -> share(visits, this::visit);
                    default -> throw new IllegalArgumentException("unknown command");
                }
                System.out.println("@done");
            }
        }
    }

    private void visit(long number, String user) throws SQLException {
        Visit visit = Visit.of(number, posts);
        if (visit.comments()) {
            feed.comment(visit.post(), user, number);
        } else {
            feed.like(visit.post());
        }
    }

    /** Each thread is one user, whose numbers grow. */
    private void share(int total, Act act) throws Exception {
        AtomicLong next = new AtomicLong(jvm);
        Future<?>[] working = new Future<?>[THREADS];
        for (int i = 0; i < THREADS; i++) {
            String user = "user-" + jvm + "-" + i;
            working[i] = threads.submit(() -> {
                for (long number = next.getAndAdd(jvms); number < total; number = next.getAndAdd(jvms)) {
                    act.of(number, user);
                }
                return null;
            });
        }
        for (Future<?> one : working) {
            one.get();
        }
    }
}
