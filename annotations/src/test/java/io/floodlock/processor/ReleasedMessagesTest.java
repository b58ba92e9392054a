package io.floodlock.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Which changes of released messages fail a build, and which pass. */
class ReleasedMessagesTest {

    private static final ChangeTable TABLE = ChangeTable.read();
    private static final String BEFORE = TABLE.before();

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> changesThatStoredCallsCouldNotSurviveFailAndOthersPass() {
        return TABLE.changes().stream()
                .map(change -> DynamicTest.dynamicTest(change.title(), () -> {
                    if (change.error().isEmpty()) {
                        passes(change);
                    } else {
                        fails(change);
                    }
                }));
    }

    @Test
    void aRenamedClassPassesWhereItsNameDoesNotTravel() throws IOException {
        Path released = release();
        assertEquals(
                List.of(),
                compile(BEFORE.replace("Order ", "Purchase ").replace("Item", "Line"), released)
                        .errors());
    }

    @Test
    void everythingIsReportedAtItsMethod() throws IOException {
        Compiled compiled = compile(
                BEFORE.replace("NEW, PAID, SENT", "NEW").replace("drop(long number)", "drop(int number)"), release());
        assertEquals(3, compiled.errors().size());
        assertTrue(Compiled.place(compiled.said().get(0)).startsWith("@Queued(queue = \"orders\", name = \"drop\")"));
        assertTrue(Compiled.place(compiled.said().get(2)).startsWith("@Queued(queue = \"orders\", name = \"place\")"));
        assertTrue(compiled.files().keySet().stream().noneMatch(name -> name.startsWith("META-INF")));
    }

    @Test
    void aMethodIsMissedAlsoWhereNoneIsLeft() throws IOException {
        assertEquals(2, compile("", release()).errors().size());
    }

    @Test
    void aFileThatIsMissingOrNoManifestFails() throws IOException {
        Path missing = folder.resolve("missing");
        assertTrue(compile(BEFORE, missing).errors().get(0).contains("which can't be read"));
        Path other = Files.writeString(folder.resolve("other"), "floodlock messages 2\n");
        assertEquals(
                List.of("floodlock.released is \"" + other
                        + "\", which is no manifest of messages: line 1 is"
                        + " \"floodlock messages 2\", which is not \"floodlock messages 1\"; copy a release's"
                        + " META-INF/floodlock/messages there"),
                compile(BEFORE, other).errors());
        Path broken = Files.writeString(folder.resolve("broken"), "floodlock messages 1\n\n# text\nmessage orders\n");
        assertTrue(compile(BEFORE, broken).errors().get(0).contains("line 4 is \"message orders\""));
    }

    private void fails(ChangeTable.Change change) throws IOException {
        Path released = release();
        assertTrue(BEFORE.contains(change.from()), change.from());
        List<String> errors =
                compile(BEFORE.replace(change.from(), change.to()), released).errors();
        assertEquals(1, errors.size(), errors::toString);
        String expected = change.error().replace("FILE", released.toString());
        assertTrue(errors.get(0).contains(expected), errors::toString);
        assertTrue(errors.get(0).contains(released.toString()), errors::toString);
    }

    private void passes(ChangeTable.Change change) throws IOException {
        Path released = release();
        assertTrue(BEFORE.contains(change.from()), change.from());
        Compiled compiled = compile(BEFORE.replace(change.from(), change.to()), released);
        assertEquals(List.of(), compiled.said());
        assertTrue(compiled.files().containsKey(FloodlockProcessor.MESSAGES));
    }

    private Path release() throws IOException {
        String messages = sources(BEFORE).compile().text(FloodlockProcessor.MESSAGES);
        return Files.writeString(folder.resolve("released"), messages);
    }

    private static Compiled compile(String body, Path released) {
        return sources(body).option("-Afloodlock.released=" + released).compile();
    }

    private static Compiled.Sources sources(String body) {
        return new Compiled.Sources()
                .add(
                        "app.Orders",
                        "package app; import io.floodlock.*; import java.math.*; import java.util.*;"
                                + " import java.util.concurrent.*;\nclass Orders {\n" + body + "}\n");
    }
}
