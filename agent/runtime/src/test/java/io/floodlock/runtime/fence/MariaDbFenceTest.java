package io.floodlock.runtime.fence;

import io.floodlock.testkit.MariaDbServer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class MariaDbFenceTest extends FenceContract {

    private static final MariaDbServer SERVER = MariaDbServer.start(Map.of());
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
        return "SELECT variable_value FROM information_schema.global_status"
                + " WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'";
    }

    @Override
    String limitSql() {
        return "SELECT CONCAT(@@innodb_lock_wait_timeout, ' ', @@max_statement_time)";
    }
}
