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

    private static final Path ROOT = Path.of("..", "..");

    @Test
    void theReadmeListsEverySettingWithItsDefault() throws IOException {
        assertEquals(known(), listed(ROOT.resolve("README.md")));
    }

    @Test
    void thePageOfTheConfigurationListsTheSame() throws IOException {
        assertEquals(known(), listed(ROOT.resolve("agent/docs/configuration-and-logs.md")));
    }

    @Test
    void whatOtherPagesListAreSettingsWithTheirDefaults() throws IOException {
        try (Stream<Path> pages = Files.walk(ROOT.resolve("agent/docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                Map<String, String> meant = known();
                Map<String, String> listed = listed(page);
                meant.keySet().retainAll(listed.keySet());
                assertEquals(meant, listed, page.toString());
            }
        }
    }

    private static Map<String, String> known() {
        return Stream.of(Setting.values())
                .collect(Collectors.toMap(Setting::key, Setting::byDefault, (a, b) -> b, TreeMap::new));
    }

    private static Map<String, String> listed(Path page) throws IOException {
        return ROW.matcher(Files.readString(page))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), ReadmeTableTest::defaultOf, (a, b) -> "listed twice", TreeMap::new));
    }

    /** A default in words, as "the first database used", stands for none. */
    private static String defaultOf(MatchResult row) {
        String text = row.group(2).strip();
        return text.startsWith("`") ? text.substring(1, text.length() - 1) : "";
    }
}
