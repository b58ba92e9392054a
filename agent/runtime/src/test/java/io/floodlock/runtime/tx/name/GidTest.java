package io.floodlock.runtime.tx.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GidTest {

    @Test
    void namesComeBackAsTheyWereAndFitTheServer() {
        Gid gid = new Gid("n".repeat(12), Ids.next(), Ids.next(), 50 * 60_000);
        Gid.BranchName name = new Gid.BranchName(gid, Gid.BranchName.branch(Ids.next(), 29_999));
        assertEquals(gid, Gid.parse(gid.text()).orElseThrow());
        assertEquals(name, Gid.BranchName.parse(name.text()).orElseThrow());
        assertEquals(29_999, name.restMillis());
        assertTrue(name.text().length() < 200, name::text);
    }

    @Test
    void whatIsNotOursIsLeftAlone() {
        Gid gid = new Gid("shop", Ids.next(), Ids.next(), 1000);
        String name = new Gid.BranchName(gid, Gid.BranchName.branch(Ids.next(), 5)).text();
        for (String text : List.of(
                "",
                ":",
                gid.text(),
                name + "x:",
                name.substring(1),
                name.replace(".", ":"),
                name + "'; DROP TABLE a; --")) {
            assertTrue(Gid.BranchName.parse(text).isEmpty(), text);
        }
        assertThrows(IllegalArgumentException.class, () -> Gid.checkedNamespace("it's"));
        assertThrows(IllegalArgumentException.class, () -> Gid.checkedNamespace("n".repeat(13)));
    }

    @Test
    void idsAreUniqueAndOrderedByTime() {
        long before = System.currentTimeMillis();
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            made.add(Ids.next());
        }
        assertEquals(10_000, made.size());
        String low = Ids.at(before);
        String high = Ids.at(System.currentTimeMillis() + 1);
        assertTrue(made.stream().allMatch(id -> id.compareTo(low) >= 0 && id.compareTo(high) < 0));
        assertTrue(low.compareTo(Ids.at(before - 1)) > 0);
    }
}
