package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** Which class uses which, read from class files. A nested class counts as the class around it. */
final class ClassGraph {

    private static final String OWN = "io.floodlock.";
    private static final Pattern LINE = Pattern.compile("^ +(\\S+) +-> (\\S+) .*$", Pattern.MULTILINE);

    private final Map<String, Set<String>> uses = new TreeMap<>();

    record Arrow(String from, String to) {

        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    /** @param classes a folder or a jar */
    static ClassGraph of(Path classes) {
        ClassGraph graph = new ClassGraph();
        Matcher line = LINE.matcher(jdeps(classes));
        while (line.find()) {
            graph.add(outermost(line.group(1)), outermost(line.group(2)));
        }
        return graph;
    }

    void add(String from, String to) {
        if (from.startsWith(OWN) && !from.endsWith(".package-info")) {
            Set<String> used = uses.computeIfAbsent(from, any -> new TreeSet<>());
            if (!from.equals(to)) {
                used.add(to);
            }
        }
    }

    private static String jdeps(Path classes) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        String libraries = System.getProperty("java.class.path");
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        writer,
                        writer,
                        "--multi-release",
                        "base",
                        "--ignore-missing-deps",
                        "-verbose:class",
                        "-filter:none",
                        "-cp",
                        libraries,
                        classes.toString());
        assertEquals(0, status, out.toString());
        return out.toString();
    }

    private static String outermost(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    Set<String> classes() {
        return uses.keySet();
    }

    /** Those between classes of different packages. */
    List<Arrow> arrows() {
        List<Arrow> arrows = new ArrayList<>();
        uses.forEach((from, used) -> used.stream()
                .filter(to -> !packageOf(to).equals(packageOf(from)))
                .forEach(to -> arrows.add(new Arrow(from, to))));
        return arrows;
    }

    /** Sets of two or more classes of which each reaches each other: Tarjan's strongly connected components. */
    List<Set<String>> circles() {
        List<Set<String>> circles = new ArrayList<>();
        Search search = new Search(circles);
        uses.keySet().forEach(search::visit);
        return circles;
    }

    private final class Search {

        private final List<Set<String>> found;
        private final Map<String, Integer> order = new HashMap<>();
        private final Map<String, Integer> earliest = new HashMap<>();
        private final Deque<String> open = new ArrayDeque<>();

        Search(List<Set<String>> found) {
            this.found = found;
        }

        void visit(String name) {
            if (order.containsKey(name)) {
                return;
            }
            order.put(name, order.size());
            earliest.put(name, order.get(name));
            open.push(name);
            for (String used : uses.getOrDefault(name, Set.of())) {
                if (!order.containsKey(used)) {
                    visit(used);
                    earliest.merge(name, earliest.get(used), Math::min);
                } else if (open.contains(used)) {
                    earliest.merge(name, order.get(used), Math::min);
                }
            }
            if (earliest.get(name).equals(order.get(name))) {
                close(name);
            }
        }

        private void close(String root) {
            Set<String> circle = new TreeSet<>();
            String member;
            do {
                member = open.pop();
                circle.add(member);
            } while (!member.equals(root));
            if (circle.size() > 1) {
                found.add(circle);
            }
        }
    }
}
