package io.floodlock.examples.social.trial;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The result of comparing the database with what was done.
 *
 * @param posts missing, or there more than once
 * @param likes that were lost, or counted twice
 * @param comments that were lost, or written twice
 * @param numbers of comments that a post has twice, or lacks in between
 * @param disordered comments that follow a later one of the same user and post
 */
record SocialAudit(long posts, long likes, long comments, long numbers, long disordered) {

    static SocialAudit of(Connection database, int posts, int visits) throws SQLException {
        Map<Long, Long> likes = new HashMap<>();
        Map<Long, Set<Long>> comments = new HashMap<>();
        for (long number = 0; number < visits; number++) {
            Visit visit = Visit.of(number, posts);
            if (visit.comments()) {
                comments.computeIfAbsent(visit.post(), any -> new HashSet<>()).add(number);
            } else {
                likes.merge(visit.post(), 1L, Long::sum);
            }
        }
        try (Statement statement = database.createStatement()) {
            return new SocialAudit(
                    wrongPosts(statement, posts),
                    wrongLikes(statement, likes),
                    wrongComments(statement, comments),
                    number(
                            statement,
                            "SELECT coalesce(sum(abs(last - numbers) + abs(written - numbers)), 0) FROM (SELECT"
                                    + " max(number) AS last, count(DISTINCT number) AS numbers, count(*) AS written"
                                    + " FROM comment GROUP BY post) AS of_post"),
                    number(
                            statement,
                            "SELECT count(*) FROM (SELECT action, lag(action) OVER (PARTITION BY post, author ORDER BY"
                                    + " number) AS before FROM comment) AS of_user WHERE before > action"));
        }
    }

    private static long wrongPosts(Statement statement, int posts) throws SQLException {
        long distinct = number(statement, "SELECT count(DISTINCT id) FROM post");
        return posts - distinct + number(statement, "SELECT count(*) FROM post") - distinct;
    }

    private static long wrongLikes(Statement statement, Map<Long, Long> expected) throws SQLException {
        Map<Long, Long> left = new HashMap<>(expected);
        long wrong = 0;
        try (ResultSet rows = statement.executeQuery("SELECT id, likes FROM post")) {
            while (rows.next()) {
                Long made = left.remove(rows.getLong(1));
                wrong += Math.abs(rows.getLong(2) - (made == null ? 0 : made));
            }
        }
        return wrong + left.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long wrongComments(Statement statement, Map<Long, Set<Long>> expected) throws SQLException {
        long wrong = 0;
        try (ResultSet rows = statement.executeQuery("SELECT post, action FROM comment")) {
            while (rows.next()) {
                Set<Long> of = expected.get(rows.getLong(1));
                wrong += of != null && of.remove(rows.getLong(2)) ? 0 : 1;
            }
        }
        return wrong + expected.values().stream().mapToLong(Set::size).sum();
    }

    /** How many of the calls have taken effect. */
    static long done(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            return number(statement, "SELECT coalesce(sum(likes), 0) + (SELECT count(*) FROM comment) FROM post");
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    long violations() {
        return posts + likes + comments + numbers + disordered;
    }

    @Override
    public String toString() {
        return "%d wrong posts, %d wrong likes, %d wrong comments, %d wrong comment numbers, %d out of order"
                .formatted(posts, likes, comments, numbers, disordered);
    }
}
