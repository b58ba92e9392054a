package io.floodlock.weaver;

import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.decision.Explaining;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.rulebook.RuleBook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Classes of this test's class path as the weaver makes them, in a loader of their own. */
final class Woven extends ClassLoader {

    final RecordingRuntime runtime = new RecordingRuntime();

    final List<WeavingDecision> decisions = new ArrayList<>();

    private final Decisions explaining = new Explaining(decisions::add);
    private final Weaver weaver;

    Woven() {
        this(rules -> RuleBook.NONE);
    }

    /** @param rules what is to be woven besides annotations, told to those decisions */
    Woven(Function<Decisions, RuleBook> rules) {
        super(Woven.class.getClassLoader());
        weaver = new Weaver(
                new ClassWeaver(
                        runtime, TestDispatcher.class.getName().replace('.', '/'), rules.apply(explaining), explaining),
                true,
                explaining,
                LoadedClasses.none());
        TestDispatcher.runtime = runtime;
    }

    static byte[] file(Class<?> type) {
        try (InputStream in = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That class, woven where the weaver wants to; the classes it names come from the test's own loader. */
    Class<?> load(Class<?> type) {
        return define(type.getName(), file(type));
    }

    /** Loads it and runs its initializer, which is what fails where the class is refused. */
    void initialize(Class<?> type) throws ClassNotFoundException {
        Class.forName(load(type).getName(), true, this);
    }

    Class<?> define(String name, byte[] file) {
        byte[] woven = weaver.transform(this, name.replace('.', '/'), null, null, file);
        byte[] bytes = woven == null ? file : woven;
        return defineClass(name, bytes, 0, bytes.length);
    }
}
