package io.floodlock.weaver.pointcut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.key.DeclaredPaths;
import io.floodlock.runtime.key.KeyTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.Test;

/** What class files tell of paths and payloads agrees with what the loaded classes say. */
class DeclaredShapesTest {

    enum Size {
        SMALL
    }

    record Item(String sku, double price) {}

    record Box<T>(T content) {}

    interface HasName {
        default String name() {
            return "";
        }
    }

    static class Base<K> implements HasName {
        private K key;
        static int count;

        public K getKey() {
            return key;
        }
    }

    static final class Order extends Base<UUID> {
        private List<Item> items;
        private boolean express;
        private transient Object ignored;

        public boolean isExpress() {
            return express;
        }

        public List<Item> getItems() {
            return items;
        }
    }

    static final class Items extends ArrayList<Item> {
        private static final long serialVersionUID = 1;
    }

    private final Item own = new Item("a", 1);

    @SuppressWarnings("unused")
    <T extends Order> void call(
            Order order,
            List<Item> list,
            Collection<? extends Item> wild,
            Item[] array,
            Items items,
            Map<String, Item> map,
            Map<Integer, Item> numbered,
            Box<Box<Item>> boxes,
            Optional<UUID> optional,
            T variable,
            Object any,
            int[] ints,
            Size size,
            Date date,
            double price,
            HasName open) {}

    private static final List<String> NAMES = List.of(
            "order",
            "list",
            "wild",
            "array",
            "items",
            "map",
            "numbered",
            "boxes",
            "optional",
            "variable",
            "any",
            "ints",
            "size",
            "date",
            "price",
            "open");

    /** Each step that there is, and some that there are not, from each parameter. */
    @Test
    void everyVerdictOfTheFilesIsThatOfTheClasses() {
        List<String> steps = List.of(
                "",
                ".id",
                ".key",
                ".name",
                ".items",
                ".express",
                ".ignored",
                ".count",
                ".sku",
                ".price",
                "[0]",
                "[*]",
                ".content",
                ".get",
                ".time",
                ".own",
                ".size",
                ".hashCode",
                ".class");
        List<String> starts = new ArrayList<>(NAMES);
        starts.add("this");
        int refusedByFiles = 0;
        int refusedByClasses = 0;
        for (String start : starts) {
            for (String first : steps) {
                for (String second : steps) {
                    for (String third : List.of("", ".sku", ".nothing")) {
                        String path = "{" + start + first + second + third + "}";
                        if (path.indexOf('*') != path.lastIndexOf('*')) {
                            continue;
                        }
                        String files = refusal(path, true);
                        String classes = refusal(path, false);
                        if (files != null) {
                            refusedByFiles++;
                            assertEquals(classes, files, path);
                        }
                        refusedByClasses += classes != null ? 1 : 0;
                    }
                }
            }
        }
        // left open: what a wildcard stands for, and what arrays have besides their elements
        assertTrue(refusedByFiles > refusedByClasses * 0.7, refusedByFiles + " of " + refusedByClasses);
    }

    @Test
    void whatPeopleMisspellIsFound() {
        assertTrue(refusal("{order.itemz[0].sku}", true).contains("Order has no method itemz() or getItemz()"));
        assertTrue(refusal("{list[*].nr}", true).contains("Item has no method nr()"));
        assertTrue(refusal("{list}", true).contains("{list[*]}"));
        assertTrue(refusal("{boxes.content.content.skuu}", true).contains("no method skuu()"));
        assertTrue(refusal("{map[a].price}", true).contains("floating-point"));
        assertTrue(refusal("{numbered[1].sku}", true).contains("its keys are of type java.lang.Integer"));
        assertTrue(refusal("{date}", true).contains("{date.time}"));
        for (String right : List.of(
                "{order.key}",
                "{order.name}",
                "{list[*].sku}",
                "{items[0].sku}",
                "{wild[*].sku}",
                "{optional.get}",
                "{any}",
                "{size}",
                "{open}",
                "{variable.key}",
                "{this.own.sku}",
                "{boxes.content.content.sku}")) {
            assertNull(refusal(right, true), right);
            assertNull(refusal(right, false), right);
        }
    }

    @SuppressWarnings("unused")
    static void stored(
            Order order,
            List<Item> items,
            Map<Size, Instant> map,
            Optional<UUID> optional,
            int[][] ints,
            Date date,
            List<Date> dates,
            Object any,
            HasName open,
            Throwable thrown,
            Items own,
            Box<Runnable> box,
            Map<List<String>, String> keys,
            Outer outer,
            java.nio.file.Path path) {}

    static final class Outer {
        private final HashMap<String, Date> dates = new HashMap<>();
    }

    @Test
    void whatCantTravelIsFound() {
        List<String> parts = Arrays.asList(
                null,
                null,
                null,
                null,
                null,
                "parameter #5 is a java.util.Date, which can't be serialized; use a type of java.time",
                "parameter #6[] is a java.util.Date",
                "parameter #7 is a java.lang.Object",
                "DeclaredShapesTest$HasName, which can't be serialized; its subclasses are unknown",
                "java.lang.Throwable",
                "Items, which can't be serialized; use a record, or one of the JDK's collections",
                "parameter #11.content is a java.lang.Runnable",
                "parameter #12's keys is a java.util.List",
                "parameter #13.dates[] is a java.util.Date",
                "pass its text");
        DeclaredShapes types = types("stored");
        for (int i = 0; i < parts.size(); i++) {
            String refusal = types.payload(i);
            if (parts.get(i) == null) {
                assertNull(refusal);
            } else {
                assertTrue(refusal != null && refusal.contains(parts.get(i)), i + ": " + refusal);
            }
        }
    }

    private static String refusal(String template, boolean byFiles) {
        Method method = method("call");
        KeyTemplate key = KeyTemplate.parse(template);
        try {
            if (byFiles) {
                key.check(NAMES, NAMES.size(), false, types("call"));
            } else {
                key.check(NAMES, NAMES.size(), false, DeclaredPaths.UNKNOWN);
                key.bind(MethodHandles.lookup(), method, NAMES);
            }
            return null;
        } catch (IllegalArgumentException refused) {
            return refused.getMessage();
        }
    }

    private static DeclaredShapes types(String name) {
        String resource = DeclaredShapesTest.class.getName().replace('.', '/') + ".class";
        try (InputStream in = DeclaredShapesTest.class.getClassLoader().getResourceAsStream(resource)) {
            TypeShape type = ClassFiles.read(new ClassReader(in.readAllBytes()));
            return new DeclaredShapes(
                    type,
                    type.method(name, Type.getMethodDescriptor(method(name))),
                    List.of(),
                    ClassFiles.of(DeclaredShapesTest.class.getClassLoader()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Method method(String name) {
        return Arrays.stream(DeclaredShapesTest.class.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
