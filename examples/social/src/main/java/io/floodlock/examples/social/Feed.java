package io.floodlock.examples.social;

import io.floodlock.DistributedTx;
import io.floodlock.Queued;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * What users do: post, comment, like. The calls of one post run in their order and one at a time, over all JVMs, each
 * exactly once. So the methods may read a number and write the next one. Thread-safe.
 */
public final class Feed {

    private final DataSource database;

    public Feed(DataSource database) {
        this.database = database;
    }

    @Queued(queue = "feed", name = "post", key = "post:{post}")
    @DistributedTx
    public void post(long post, String author) throws SQLException {
        run("INSERT INTO post (id, author, comments, likes) VALUES (?, ?, 0, 0)", post, author);
    }

    /** @param action the number of the user's action, by which it is audited */
    @Queued(queue = "feed", name = "comment", key = "post:{post}")
    @DistributedTx
    public void comment(long post, String author, long action) throws SQLException {
        long number = number("SELECT comments FROM post WHERE id = ?", post) + 1;
        run("UPDATE post SET comments = ? WHERE id = ?", number, post);
        run("INSERT INTO comment (post, number, author, action) VALUES (?, ?, ?, ?)", post, number, author, action);
    }

    /** Returns when Redis has the like; {@link #likeAll} counts it. */
    @Queued(queue = "feed", name = "like", key = "post:{post}", batch = "likeAll", batchSize = 500)
    @DistributedTx
    public void like(long post) throws SQLException {
        likeAll(List.of(post));
    }

    /** The likes that have gathered, in one transaction: a post that everybody likes costs one update for all. */
    void likeAll(List<Long> posts) throws SQLException {
        Map<Long, Long> likes =
                posts.stream().collect(Collectors.groupingBy(post -> post, TreeMap::new, Collectors.counting()));
        for (Map.Entry<Long, Long> of : likes.entrySet()) {
            long before = number("SELECT likes FROM post WHERE id = ?", of.getKey());
            run("UPDATE post SET likes = ? WHERE id = ?", before + of.getValue(), of.getKey());
        }
    }

    private long number(String query, long post) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, post);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void run(String sql, Object... values) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
