package io.floodlock.weaver;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.decision.Explaining;
import io.floodlock.weaver.load.Dispatcher;
import io.floodlock.weaver.load.PrivateLookups;
import io.floodlock.weaver.rulebook.RuleBook;
import io.floodlock.weaver.rulebook.RuleBooks;
import io.floodlock.weaver.scan.ConstantPool;
import java.lang.instrument.Instrumentation;

/**
 * Installs the weaver in the JVM: reads the rules file, defines the class that woven code calls, registers the {@link
 * Weaver} with the JVM, and weaves the classes that are already loaded. {@link Start} calls it once, in premain.
 */
public final class Installer {

    private Installer() {}

    /**
     * From the return of this method on, classes that load are woven for that runtime. Classes that are already loaded
     * are woven before it returns.
     *
     * @param refuse whether a class that can't be protected must not load; if false, it loads unprotected, with a
     *     warning
     * @param explain whether to log the decision for each method that asks for protection
     * @param rules the path of a rules file, null for none
     * @return the number of rules in the file
     * @throws IllegalArgumentException if the rules can't be used, or if a class is already loaded that can't be
     *     protected and must not run unprotected
     */
    public static int install(
            Instrumentation instrumentation, AgentRuntime runtime, boolean refuse, boolean explain, String rules) {
        Decisions decisions = explain ? Explaining.inLog() : Decisions.NONE;
        RuleBook book = rules == null ? RuleBook.NONE : RuleBooks.watched(rules, decisions);
        Dispatcher.define(instrumentation, runtime, new PrivateLookups(instrumentation));
        LoadedClasses loaded = new LoadedClasses(instrumentation);
        Weaver weaver =
                new Weaver(new ClassWeaver(runtime, Dispatcher.NAME, book, decisions), refuse, decisions, loaded);
        // initialize now: after the next line, JDK classes that the scan itself loads would pass through the weaver
        ConstantPool.scan(Weaver.UNLOADABLE);
        instrumentation.addTransformer(weaver, instrumentation.isRetransformClassesSupported());
        loaded.weave(weaver, refuse);
        return book.size();
    }
}
