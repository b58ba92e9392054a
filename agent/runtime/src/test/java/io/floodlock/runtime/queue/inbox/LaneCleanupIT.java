package io.floodlock.runtime.queue.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.queue.lane.LaneCut;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.tx.TxHome;
import io.floodlock.runtime.tx.engine.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows are deleted an hour after the store has the end of their calls, and not before. */
class LaneCleanupIT {

    private static final long EPOCH = 5;

    /** The present time; set by the tests. */
    private Duration now = Duration.ZERO;

    private final LaneCleanup cleanup = new LaneCleanup(() -> now.toNanos());
    private final LaneInbox lane = new LaneInbox("default:q:0", EPOCH);
    private final List<Calls> cuts = new ArrayList<>();
    private final UUID session = UUID.randomUUID();
    private String url;
    private InboxPlace place;
    private long sequence;

    private static final class Calls implements LaneCut {
        private boolean ended;
        private final CompletableFuture<Void> stored = new CompletableFuture<>();

        @Override
        public boolean hasEnded() {
            return ended;
        }

        @Override
        public CompletableFuture<Void> stored() {
            return stored;
        }
    }

    @BeforeEach
    void database() throws SQLException {
        url = Servers.database();
        TxHome home = new TxHome() {
            @Override
            public String id() {
                return "id";
            }

            @Override
            public String name() {
                return "test";
            }

            @Override
            public String schema() {
                return "public.";
            }

            @Override
            public Connection open() throws SQLException {
                return DriverManager.getConnection(url);
            }

            @Override
            public int endBlockers(int backend) {
                return 0;
            }

            @Override
            public Unsettled unsettled(String gid) {
                return null;
            }
        };
        place = new InboxPlace(home, InboxTables.ensure(home));
        lane.raise(place);
    }

    private void record() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            place.tables().insert(connection, new CallId(session, ++sequence, 0), lane, "gid");
        }
    }

    private long rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM floodlock_inbox")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void turnAt(Duration time) {
        now = time;
        cleanup.turn(place, lane.name(), () -> {
            Calls cut = new Calls();
            cuts.add(cut);
            return cut;
        });
    }

    @Test
    void rowsGoAnHourAfterTheirCutIsStored() throws SQLException {
        record();
        record();
        turnAt(Duration.ZERO);
        record();
        turnAt(Duration.ofMinutes(1));
        cuts.get(0).ended = true;
        turnAt(Duration.ofMinutes(2));
        turnAt(Duration.ofHours(2));
        assertEquals(3, rows());

        cuts.get(0).stored.complete(null);
        turnAt(Duration.ofHours(3).minusSeconds(1));
        assertEquals(3, rows());
        turnAt(Duration.ofHours(3));
        assertEquals(1, rows());
    }

    @Test
    void callsThatStayInTheLaneKeepTheirRows() throws SQLException {
        record();
        turnAt(Duration.ZERO);
        turnAt(Duration.ofHours(5));
        turnAt(Duration.ofHours(10));
        assertEquals(1, rows());
        assertEquals(1, cuts.size());
    }

    @Test
    void cutsFollowEachOther() throws SQLException {
        for (int i = 0; i < 6; i++) {
            record();
            turnAt(Duration.ofMinutes(10L * i));
            cuts.get(i).ended = true;
            cuts.get(i).stored.complete(null);
        }
        turnAt(Duration.ofMinutes(60));
        for (int i = 0; i < 6; i++) {
            turnAt(Duration.ofMinutes(70 + 10L * i));
            assertEquals(5 - i, rows());
        }
    }

    @Test
    void rowsOfOtherLanesStay() throws SQLException {
        LaneInbox other = new LaneInbox("default:q:1", EPOCH);
        other.raise(place);
        try (Connection connection = DriverManager.getConnection(url)) {
            place.tables().insert(connection, new CallId(session, 1_000, 0), other, "gid");
        }
        record();
        turnAt(Duration.ZERO);
        cuts.get(0).ended = true;
        cuts.get(0).stored.complete(null);
        turnAt(Duration.ofMinutes(1));
        turnAt(Duration.ofMinutes(61));
        assertEquals(1, rows());
    }
}
