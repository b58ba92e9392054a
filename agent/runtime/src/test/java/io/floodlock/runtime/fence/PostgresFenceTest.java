package io.floodlock.runtime.fence;

import io.floodlock.testkit.PostgresServer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class PostgresFenceTest extends FenceContract {

    private static final PostgresServer SERVER = PostgresServer.start(Map.of());
    private static final Map<String, String> URLS = new HashMap<>();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Override
    String url(String name) {
        return URLS.computeIfAbsent(name, SERVER::createDatabase);
    }

    @Override
    String waiting() {
        return "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    }

    @Override
    String numbered() {
        return "CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount int)";
    }

    @Override
    String limitSql() {
        return "SHOW lock_timeout";
    }
}
