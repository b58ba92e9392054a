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

/** Makes the weaver part of the JVM. */
public final class Installer {

    private Installer() {}

    /**
     * From now on classes that load are woven for that runtime; those already loaded are woven before this returns.
     *
     * @param refuse whether a class that can't be protected must not load; else it loads with a warning
     * @param explain whether to log what becomes of each method that asks for protection
     * @param rules the path of a rules file, null for none
     * @return how many rules the file has
     * @throws IllegalArgumentException if the rules can't be used, or a class that can't be protected has been loaded already and must not be
     */
    public static int install(
            Instrumentation instrumentation, AgentRuntime runtime, boolean refuse, boolean explain, String rules) {
        Decisions decisions = explain ? Explaining.inLog() : Decisions.NONE;
        RuleBook book = rules == null ? RuleBook.NONE : RuleBooks.watched(rules, decisions);
        Dispatcher.define(instrumentation, runtime, new PrivateLookups(instrumentation));
        LoadedClasses loaded = new LoadedClasses(instrumentation);
        Weaver weaver =
                new Weaver(new ClassWeaver(runtime, Dispatcher.NAME, book, decisions), refuse, decisions, loaded);
        // from here on classes of the JDK that this needs itself come through the weaver
        ConstantPool.scan(Weaver.UNLOADABLE);
        instrumentation.addTransformer(weaver, instrumentation.isRetransformClassesSupported());
        loaded.weave(weaver, refuse);
        return book.size();
    }
}
