package io.floodlock.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.junit.jupiter.api.Test;

/** What the index and the manifest contain. */
class WrittenFilesTest {

    private static final String ORDERS = """
            package com.shop;
            import io.floodlock.*;
            import java.util.*;
            import java.util.concurrent.*;
            class Orders {
                enum State { PAID, NEW }
                record Item(String product, int quantity) {}
                sealed interface Payment {}
                record Card(String number) implements Payment {}
                record Cash(long cents) implements Payment {}
                record Box<T>(T content) {}
                static class Base { protected UUID id; transient Thread worker; static int count; }
                static class Order extends Base { State state; List<Item> items; Payment payment; Order parent; }
                @Queued(queue = "orders", name = "place") CompletableFuture<Map<State, Box<Item>>> place(
                        Order order, byte[] signature) { return null; }
                @Queued(queue = "orders", name = "drop") void drop() {}
                static class Mails {
                    @Queued(queue = "mails", name = "send") CompletionStage<Void> send(Box<? extends Item>[] boxes) {
                        return null;
                    }
                }
            }
            """;

    private static final String OTHER = """
            package com.shop;
            class Another { @io.floodlock.Queued(queue = "a", name = "b") static void run(long number) {} }
            """;

    private static final String MESSAGES = """
            floodlock messages 1
            message a b
              parameter number long
              result void
            message mails send
              parameter boxes com.shop.Orders$Box<com.shop.Orders$Item>[]
              result java.lang.Void
            message orders drop
              result void
            message orders place
              parameter order com.shop.Orders$Order
              parameter signature byte[]
              result java.util.Map<com.shop.Orders$State,com.shop.Orders$Box<com.shop.Orders$Item>>
            type com.shop.Orders$Box<com.shop.Orders$Item> object
              field content com.shop.Orders$Item
            type com.shop.Orders$Card object
              field number java.lang.String
            type com.shop.Orders$Cash object
              field cents long
            type com.shop.Orders$Item object
              field product java.lang.String
              field quantity int
            type com.shop.Orders$Order object
              field id java.util.UUID
              field items java.util.List<com.shop.Orders$Item>
              field parent com.shop.Orders$Order
              field payment com.shop.Orders$Payment
              field state com.shop.Orders$State
            type com.shop.Orders$Payment sealed
              permits Card com.shop.Orders$Card
              permits Cash com.shop.Orders$Cash
            type com.shop.Orders$State enum
              constant NEW
              constant PAID
            """;

    @Test
    void theIndexNamesTheClassesThatDeclareQueuedMethods() {
        assertEquals(
                "com.shop.Another\ncom.shop.Orders\ncom.shop.Orders$Mails\n",
                compile().text(FloodlockProcessor.INDEX));
    }

    @Test
    void theManifestHasTheStructureOfEachMessage() {
        assertEquals(MESSAGES, compile().text(FloodlockProcessor.MESSAGES));
    }

    @Test
    void theManifestIsReadAsItWasWritten() {
        assertEquals(
                MESSAGES, ManifestText.write(ManifestText.read(MESSAGES.lines().toList())));
    }

    @Test
    void repeatedBuildsWriteTheSameWhateverTheOrderOfTheSources() {
        Compiled first = compile();
        Compiled second = new Compiled.Sources()
                .add("com.shop.Another", OTHER)
                .add("com.shop.Orders", ORDERS)
                .compile();
        for (String name : List.of(FloodlockProcessor.INDEX, FloodlockProcessor.MESSAGES)) {
            assertEquals(first.text(name), second.text(name));
            assertEquals(first.text(name), compile().text(name));
        }
    }

    @Test
    void nothingIsWrittenWithoutQueuedMethods() {
        Compiled compiled = new Compiled.Sources()
                .add("com.shop.Plain", "package com.shop; class Plain { @Deprecated void run() {} }")
                .compile();
        assertNull(compiled.text(FloodlockProcessor.INDEX));
        assertNull(compiled.text(FloodlockProcessor.MESSAGES));
        assertTrue(compiled.files().containsKey("com/shop/Plain.class"));
    }

    /** Generated classes are not known in the first round. */
    @Test
    void classesOfOtherProcessorsAreWaitedFor() {
        Compiled compiled = new Compiled.Sources()
                .add("com.shop.Orders", """
                        package com.shop;
                        class Orders {
                            @io.floodlock.Queued(queue = "q", name = "n", key = "{order.id}")
                            void place(Generated order) {}
                        }
                        """)
                .processor(new Generator())
                .compile();
        assertEquals(List.of(), compiled.said());
        assertTrue(compiled.text(FloodlockProcessor.MESSAGES)
                .contains("type com.shop.Generated object\n  field id long\n"));
    }

    @SupportedAnnotationTypes("*")
    private static final class Generator extends AbstractProcessor {

        private boolean done;

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (!done) {
                done = true;
                try (Writer out = processingEnv
                        .getFiler()
                        .createSourceFile("com.shop.Generated")
                        .openWriter()) {
                    out.write("package com.shop; record Generated(long id) {}");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return false;
        }
    }

    @Test
    void buildToolsFindTheProcessor() throws IOException {
        assertEquals(
                FloodlockProcessor.class.getName(),
                resource("META-INF/services/javax.annotation.processing.Processor"));
        assertEquals(
                FloodlockProcessor.class.getName() + ",aggregating",
                resource("META-INF/gradle/incremental.annotation.processors"));
        assertEquals(Set.of(FloodlockProcessor.RELEASED), new FloodlockProcessor().getSupportedOptions());
    }

    private static String resource(String name) throws IOException {
        return Files.readString(Path.of("src", "main", "resources").resolve(name))
                .strip();
    }

    private static Compiled compile() {
        Compiled compiled = new Compiled.Sources()
                .add("com.shop.Orders", ORDERS)
                .add("com.shop.Another", OTHER)
                .compile();
        assertEquals(List.of(), compiled.said());
        return compiled;
    }
}
