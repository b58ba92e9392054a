package io.floodlock.examples.clinic;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * A comparison of the clinic's database with the answers that the clients received.
 *
 * @param doubleBooked visits that overlap an earlier one of the same vet
 * @param lost accepted bookings that are not in the database
 * @param uninvited bookings in the database that were refused
 * @param free requested slots that are not booked
 */
record Audit(long doubleBooked, long lost, long uninvited, long free) {

    private static final String DOUBLE_BOOKED =
            "SELECT count(*) FROM visit WHERE EXISTS (SELECT 1 FROM visit AS earlier"
                    + " WHERE earlier.id < visit.id AND earlier.vet_id = visit.vet_id"
                    + " AND earlier.starts_at < visit.ends_at AND visit.starts_at < earlier.ends_at)";

    /** Half an hour of a vet's time. */
    private record Slot(long vet, LocalDateTime start) {}

    static Audit of(String jdbcUrl, Collection<Wish> wanted, Set<Wish> accepted, Set<Wish> refused)
            throws SQLException {
        try (Connection database = DriverManager.getConnection(jdbcUrl);
                Statement statement = database.createStatement()) {
            Set<Integer> booked = new HashSet<>();
            Set<Slot> free = slotsOf(wanted);
            try (ResultSet rows = statement.executeQuery("SELECT reason, vet_id, starts_at FROM visit")) {
                while (rows.next()) {
                    booked.add(rows.getInt(1));
                    free.remove(new Slot(rows.getLong(2), rows.getObject(3, LocalDateTime.class)));
                }
            }
            try (ResultSet row = statement.executeQuery(DOUBLE_BOOKED)) {
                row.next();
                return new Audit(
                        row.getLong(1),
                        accepted.stream()
                                .filter(wish -> !booked.contains(wish.number()))
                                .count(),
                        refused.stream()
                                .filter(wish -> booked.contains(wish.number()))
                                .count(),
                        free.size());
            }
        }
    }

    /** The number of different slots that are requested. */
    static int slots(Collection<Wish> wanted) {
        return slotsOf(wanted).size();
    }

    private static Set<Slot> slotsOf(Collection<Wish> wanted) {
        Set<Slot> slots = new HashSet<>();
        wanted.forEach(wish -> slots.add(new Slot(wish.vet(), wish.start())));
        return slots;
    }

    boolean holds() {
        return doubleBooked + lost + uninvited + free == 0;
    }

    @Override
    public String toString() {
        return "%d double-booked, %d lost, %d booked though refused, %d wanted slots left free"
                .formatted(doubleBooked, lost, uninvited, free);
    }
}
