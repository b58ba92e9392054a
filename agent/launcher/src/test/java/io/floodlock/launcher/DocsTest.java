package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import io.floodlock.runtime.redis.command.AclRights;
import io.floodlock.runtime.tool.Ddl;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Facts that stand in the documentation and in the code agree. Settings are compared by the runtime's ReadmeTableTest. */
class DocsTest {

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path DOCS = ROOT.resolve("agent/docs");

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern CLASS_NAME = Pattern.compile("([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+(?:\\(.*\\))?)?");
    private static final Pattern SCRIPT = Pattern.compile("[a-z-]+\\.lua");
    private static final Pattern REDIS_KEY = Pattern.compile("floodlock:[^ ]*[:}]([a-z]+)");

    /** Classes that pages name and that are not the project's. */
    private static final Set<String> FOREIGN = Set.of(
            "BigDecimal",
            "BigInteger",
            "Calendar",
            "Callable",
            "ClassFormatError",
            "CompletableFuture",
            "CompletionStage",
            "DataSource",
            "Date",
            "DeferredResult",
            "DriverManager",
            "Error",
            "Flow.Publisher",
            "Future",
            "IllegalStateException",
            "Iterable",
            "Object",
            "Optional",
            "OutOfMemoryError",
            "PGConnection",
            "RLock",
            "ReentrantLock",
            "StackOverflowError",
            "Stream",
            "System",
            "XADataSource");

    private static final Map<String, Class<? extends Annotation>> ANNOTATIONS = Map.of(
            "PessimisticLock", PessimisticLock.class,
            "SharedLock", SharedLock.class,
            "Queued", Queued.class,
            "DistributedTx", DistributedTx.class);

    @Test
    void everyClassThatAPageNamesExists() throws IOException {
        Set<String> known = new TreeSet<>(FOREIGN);
        for (Path source : files(ROOT, ".java")) {
            known.add(source.getFileName().toString().replace(".java", ""));
        }
        Set<String> unknown = new TreeSet<>();
        for (Path page : pages()) {
            for (String code : inlineCode(page)) {
                Matcher name = CLASS_NAME.matcher(code);
                if (name.matches() && !known.contains(code) && !known.contains(name.group(1))) {
                    unknown.add(ROOT.relativize(page) + ": " + code);
                }
            }
        }
        assertEquals(Set.of(), unknown);
    }

    @Test
    void everyScriptIsOnAPageAndEveryScriptOnAPageExists() throws IOException {
        Set<String> named = new TreeSet<>();
        for (Path page : pages()) {
            inlineCode(page)
                    .forEach(code -> SCRIPT.matcher(code).results().forEach(script -> named.add(script.group())));
        }
        assertEquals(
                files(ROOT.resolve("agent/runtime/src/main"), ".lua").stream()
                        .map(script -> script.getFileName().toString())
                        .collect(Collectors.toCollection(TreeSet::new)),
                named);
    }

    @Test
    void everyAttributeIsListedWithItsDefault() throws IOException {
        Map<String, Map<String, String>> listed = new TreeMap<>();
        for (Path page : pages()) {
            tables(page).forEach(table -> table.attributes(listed));
        }
        Map<String, Map<String, String>> declared = new TreeMap<>();
        ANNOTATIONS.forEach((name, annotation) -> declared.put(name, defaults(annotation)));
        assertEquals(declared, listed);
    }

    @Test
    void everyExceptionIsInTheTableOfErrors() throws IOException {
        Set<String> declared = files(ROOT.resolve("annotations/src/main"), "Exception.java").stream()
                .map(source -> source.getFileName().toString().replace(".java", ""))
                .filter(name -> !name.equals("FloodlockException"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(declared, firstColumn(DOCS.resolve("errors.md"), "exception"));
    }

    @Test
    void everyExitStatusIsInTheTableOfErrors() throws IOException {
        Set<String> declared = new TreeSet<>();
        for (Path source : files(ROOT.resolve("agent"), ".java")) {
            String text = Files.readString(source);
            if (!source.endsWith("DocsTest.java")) {
                matches(text, "CONFIGURATION_ERROR = (\\d+)")
                        .forEach(status -> declared.add(status.group(1) + " an application with the agent"));
                matches(text, "(?s)name = \"(\\w+)\".{1,900}?exitCodeList = \\{(.*?)\\}")
                        .forEach(command -> matches(command.group(2), "\"(\\d+):")
                                .forEach(status -> declared.add(status.group(1) + " " + command.group(1))));
            }
        }
        Set<String> listed = new TreeSet<>();
        for (Table table : tables(DOCS.resolve("errors.md"))) {
            if (table.columns().get(0).equals("status")) {
                table.rows()
                        .forEach(row -> listed.add(row.get(0) + " " + row.get(1).replace("`", "")));
            }
        }
        assertEquals(declared, listed);
    }

    @Test
    void statementsThatPagesShowAreThoseThatTheAgentRuns() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (Path page : pages()) {
            BLOCK.matcher(Files.readString(page))
                    .results()
                    .filter(block -> block.group(1).equals("sql"))
                    .flatMap(block -> Stream.of(block.group(2).split(";")))
                    .map(statement -> statement.replaceAll("\\s+", " ").strip())
                    .filter(statement -> !statement.isEmpty())
                    .forEach(shown::add);
        }
        Set<String> run = new TreeSet<>(Ddl.statements("postgresql"));
        run.addAll(Ddl.statements("mariadb"));
        assertEquals(run, shown);
    }

    @Test
    void everyKeyOfRedisThatAPageNamesEndsAsOneInTheCode() throws IOException {
        String code = "";
        for (Path source : files(ROOT.resolve("agent/runtime/src/main"), ".java")) {
            code += Files.readString(source);
        }
        Set<String> unknown = new TreeSet<>();
        int found = 0;
        for (Path page : pages()) {
            for (String token : inlineCode(page)) {
                Matcher key = REDIS_KEY.matcher(token);
                if (key.matches()) {
                    found++;
                    if (!code.contains(key.group(1) + "\"")) {
                        unknown.add(token);
                    }
                }
            }
        }
        assertEquals(Set.of(), unknown);
        assertFalse(found < 10, found + " keys were found");
    }

    @Test
    void thePageOfTheConfigurationHasTheLeastRights() throws IOException {
        List<MatchResult> shown = matches(
                Files.readString(DOCS.resolve("configuration-and-logs.md")), "`ACL SETUSER shop on >secret ([^`]*)`");
        assertEquals(
                List.of(AclRights.RIGHTS),
                shown.stream()
                        .map(line -> line.group(1).replaceAll("\\s+", " "))
                        .toList());
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<Path> all = new ArrayList<>(pages());
        all.addAll(files(ROOT.resolve(".github"), ".md"));
        Set<String> dead = new TreeSet<>();
        for (Path page : all) {
            LINK.matcher(prose(page))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !link.contains("://") && !leadsSomewhere(page, link))
                    .forEach(link -> dead.add(ROOT.relativize(page) + ": " + link));
        }
        assertEquals(Set.of(), dead);
    }

    @Test
    void everyPageIsInTheIndex() throws IOException {
        String index = Files.readString(DOCS.resolve("README.md"));
        assertEquals(
                List.of(),
                files(DOCS, ".md").stream()
                        .map(page -> DOCS.relativize(page).toString())
                        .filter(page -> !page.equals("README.md") && !index.contains("](" + page + ")"))
                        .toList());
    }

    private static boolean leadsSomewhere(Path page, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        if (!Files.exists(target)) {
            return false;
        }
        try {
            return hash < 0 || anchors(target).contains(link.substring(hash + 1));
        } catch (IOException e) {
            return false;
        }
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(prose(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase()
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Null where there is none; in a page "none", or words for what it is then, stand for an empty text. */
    private static Map<String, String> defaults(Class<? extends Annotation> annotation) {
        Map<String, String> all = new TreeMap<>();
        for (Method attribute : annotation.getDeclaredMethods()) {
            Object value = attribute.getDefaultValue();
            boolean none = value == null || value.getClass().isArray() && Array.getLength(value) == 0;
            all.put(attribute.getName(), none ? "" : value.toString());
        }
        return all;
    }

    private record Table(List<String> columns, List<List<String>> rows) {

        /** A column headed "`@Queued` default" lists that annotation's attributes, but for those that are absent from it. */
        void attributes(Map<String, Map<String, String>> listed) {
            for (int column = 0; column < columns.size(); column++) {
                Matcher header = Pattern.compile("`@(\\w+)` default").matcher(columns.get(column));
                if (header.matches()) {
                    Map<String, String> attributes = listed.computeIfAbsent(header.group(1), name -> new TreeMap<>());
                    for (List<String> row : rows) {
                        String cell = row.get(column);
                        if (!cell.equals("absent")) {
                            attributes.put(
                                    row.get(0).replace("`", ""),
                                    cell.startsWith("`") ? cell.replace("`", "").replace("_", "") : "");
                        }
                    }
                }
            }
        }
    }

    private static Set<String> firstColumn(Path page, String header) throws IOException {
        return tables(page).stream()
                .filter(table -> table.columns().get(0).equals(header))
                .flatMap(table -> table.rows().stream())
                .map(row -> row.get(0).replace("`", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Table> tables(Path page) throws IOException {
        List<Table> tables = new ArrayList<>();
        boolean inside = false;
        for (String line : prose(page).lines().toList()) {
            if (!line.startsWith("|")) {
                inside = false;
            } else if (!inside) {
                tables.add(new Table(cells(line), new ArrayList<>()));
                inside = true;
            } else if (!line.startsWith("|---")) {
                tables.get(tables.size() - 1).rows().add(cells(line));
            }
        }
        return tables;
    }

    private static List<String> cells(String line) {
        return Stream.of(line.substring(1).split("\\|", -1)).map(String::strip).toList();
    }

    private static Collection<String> inlineCode(Path page) throws IOException {
        return CODE.matcher(prose(page)).results().map(code -> code.group(1)).toList();
    }

    /** Without blocks of code. */
    private static String prose(Path page) throws IOException {
        return BLOCK.matcher(Files.readString(page)).replaceAll("").replaceAll("(?m)^ {4}.*$", "");
    }

    private static List<MatchResult> matches(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(files(DOCS, ".md"));
        pages.add(ROOT.resolve("README.md"));
        return pages;
    }

    private static final Map<String, List<Path>> FILES = new HashMap<>();

    private static synchronized List<Path> files(Path folder, String end) throws IOException {
        List<Path> known = FILES.get(folder + end);
        if (known == null) {
            try (Stream<Path> all = Files.walk(folder)) {
                known = all.filter(file -> file.toString().endsWith(end)
                                && !file.toString().contains("/target/")
                                && Files.isRegularFile(file))
                        .sorted()
                        .toList();
            }
            FILES.put(folder + end, known);
        }
        return known;
    }
}
