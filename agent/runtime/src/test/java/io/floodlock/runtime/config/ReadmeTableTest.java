package io.floodlock.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTableTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `floodlock\\.([a-z.-]+)` \\|([^|]*)\\|");

    @Test
    void theReadmeListsEverySettingWithItsDefault() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        Map<String, String> listed = ROW.matcher(readme)
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), ReadmeTableTest::defaultOf, (a, b) -> "listed twice", TreeMap::new));
        Map<String, String> known = Stream.of(Setting.values())
                .collect(Collectors.toMap(Setting::key, Setting::byDefault, (a, b) -> b, TreeMap::new));
        assertEquals(known, listed);
    }

    /** A default in words, as "the first database used", stands for none. */
    private static String defaultOf(MatchResult row) {
        String text = row.group(2).strip();
        return text.startsWith("`") ? text.substring(1, text.length() - 1) : "";
    }
}
