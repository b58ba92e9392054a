package io.floodlock.weaver;

import io.floodlock.runtime.type.GeneratedClasses;
import io.floodlock.weaver.code.StandIn;
import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.log.WeaverLog;
import io.floodlock.weaver.scan.ConstantPool;
import io.floodlock.weaver.scan.Refusal;
import io.floodlock.weaver.scan.SourceLines;
import io.floodlock.weaver.scan.Targets;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The agent's class file transformer: weaves classes when they load, and fails closed if a class that asks for
 * protection can't have it. {@link Installer} registers it with the JVM; {@link OfflineWeaver} uses its decisions
 * without loading anything. {@link ClassWeaver} does the weaving. Thread-safe.
 *
 * <p>There are three outcomes:
 *
 * <ul>
 *   <li>The class has nothing of Floodlock's, or only a place for a hook: it is left unchanged, whatever fails.
 *   <li>The class has an annotation of Floodlock's, or a rule names it, and it can be woven: the woven bytes.
 *   <li>The class has an annotation or a rule, and it can't be woven: its {@link StandIn}, whose use fails with a
 *       ClassFormatError that names the reason. If there can be no stand-in, as for an interface or a class that is
 *       already loaded: bytes that are not a class file, so that loading or changing the class fails with a
 *       ClassFormatError. If this class returned null or threw an exception, the JVM would define the class
 *       unprotected.
 * </ul>
 *
 * The log names the reason once for each refused class, however often and by however many loaders the class is
 * requested.
 */
final class Weaver implements ClassFileTransformer {

    /** Not a class file: the JVM refuses it. */
    static final byte[] UNLOADABLE = new byte[16];

    private static final int REMEMBERED = 1_000;

    private final ClassWeaver classes;
    private final boolean refuse;
    private final Decisions decisions;
    private final LoadedClasses loaded;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();
    private final ClassLoader own = Weaver.class.getClassLoader();
    private final ClassLoader platform = ClassLoader.getPlatformClassLoader();

    /**
     * @param refuse whether a class that can't be protected must not load; if false, it loads unprotected, with a
     *     warning
     */
    Weaver(ClassWeaver classes, boolean refuse, Decisions decisions, LoadedClasses loaded) {
        this.classes = classes;
        this.refuse = refuse;
        this.decisions = decisions;
        this.loaded = loaded;
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] file) {
        if (!concerns(loader, name)) {
            outside(loader, name, file);
            return null;
        }
        // the JVM ignores exceptions of this method, and then defines the class unchanged
        try {
            if (redefined == null) {
                return look(loader, name, file, file, false);
            }
            return loaded.isProbing() ? loaded.probed(redefined, file) : transformAgain(loader, name, redefined, file);
        } catch (Throwable failure) {
            boolean ours = carriesRules(loader, name, file);
            byte[] answer = failed(name, ours, failure);
            byte[] standIn = answer == null || redefined != null ? null : StandIn.of(file, refusal(name, failure));
            return standIn == null ? answer : standIn;
        }
    }

    /** The message of the error that code gets when it uses the refused class. */
    private static String refusal(String name, Throwable failure) {
        return name.replace('/', '.') + " is refused, because its methods would run unprotected: "
                + reason(name, failure);
    }

    private void outside(ClassLoader loader, String name, byte[] file) {
        try {
            decisions.outside(loader, name, file);
        } catch (Throwable unexplained) {
            // only an explanation is lost; the class loads unchanged in any case
        }
    }

    private byte[] transformAgain(ClassLoader loader, String name, Class<?> type, byte[] file) {
        byte[] declaration = loaded.declaration(type, file);
        try {
            return look(loader, name, file, declaration, loaded.isInitialized(type));
        } catch (Throwable failure) {
            return failed(name, carriesRules(loader, name, declaration), failure);
        }
    }

    /**
     * The decision itself, without the handling of failures that {@link #transform} adds for the JVM. For the
     * parameters see {@link ClassWeaver#weave}.
     *
     * @return null if nothing in the class must be woven
     * @throws Refusal if something must be woven, but can't be
     */
    byte[] look(ClassLoader loader, String name, byte[] file, byte[] declaration, boolean initialized) throws Refusal {
        if (!isCandidate(loader, name, declaration)) {
            return null;
        }
        if (isGenerated(name, file)) {
            classes.generated(loader, name, file);
            return null;
        }
        return classes.weave(loader, file, declaration, initialized);
    }

    /**
     * Whether the class itself asks for protection, not only Floodlock for a hook in it. True if this can't be decided.
     */
    boolean carriesRules(ClassLoader loader, String name, byte[] file) {
        try {
            return ConstantPool.isAnnotated(file)
                    || classes.isComposed(loader, file)
                    || classes.mayBeNamed(loader, name, file)
                            && !isGenerated(name, file)
                            && classes.carriesRules(loader, file);
        } catch (Throwable unknown) {
            return true;
        }
    }

    /**
     * Whether a generator made the class: its name says so, and its code has no line numbers. Compilers write line
     * numbers, generators of subclasses don't.
     */
    private static boolean isGenerated(String name, byte[] file) {
        return GeneratedClasses.isGenerated(name) && !SourceLines.in(file);
    }

    /** The reason of a failure of {@link #look}, for messages. */
    static String reason(String name, Throwable failure) {
        return failure instanceof Refusal
                ? failure.getMessage()
                : name.replace('/', '.').concat(" could not be woven: ").concat(failure.toString());
    }

    /** Whether classes of that loader and name are ever examined. Hidden classes have no name. */
    boolean concerns(ClassLoader loader, String name) {
        return loader != null && loader != own && loader != platform && name != null;
    }

    /** Whether {@link #transform} would change or refuse that class file. */
    boolean weavesOrRefuses(ClassLoader loader, String name, byte[] file) {
        try {
            return isCandidate(loader, name, file) && !isGenerated(name, file) && classes.weavesOrRefuses(loader, file);
        } catch (RuntimeException unreadable) {
            return true;
        }
    }

    /** Whether the class has annotations of Floodlock's, but the bytes don't show on which methods. */
    boolean hidesAnnotations(byte[] file) {
        try {
            return ConstantPool.isAnnotated(file) && !ClassWeaver.showsRules(file);
        } catch (RuntimeException unreadable) {
            return true;
        }
    }

    private boolean isCandidate(ClassLoader loader, String name, byte[] file) {
        int found = ConstantPool.scan(file);
        return (found & ~ConstantPool.ANNOTATIONS_OF_ANY) != 0
                || Targets.isSpringContext(name)
                || Targets.isSpringTransactions(name)
                || Targets.isSpringSynchronizations(name)
                || Targets.isSpringManagers(name)
                || Targets.isFacade(name)
                || classes.mayBeNamed(loader, name, file)
                || (found & ConstantPool.ANNOTATIONS_OF_ANY) != 0 && classes.isComposed(loader, file);
    }

    private byte[] failed(String name, boolean ours, Throwable failure) {
        String reason = reason(name, failure);
        if (isNew(name, reason)) {
            report(name, ours, reason, failure);
        }
        return ours && refuse ? UNLOADABLE.clone() : null;
    }

    /**
     * Whether this reason has not been logged for the class. The memory is bounded: it is cleared when it is full,
     * because an application may create classes without end.
     */
    private boolean isNew(String name, String reason) {
        if (reported.size() >= REMEMBERED) {
            reported.clear();
        }
        return reported.add(name + ' ' + reason);
    }

    private void report(String name, boolean ours, String reason, Throwable failure) {
        try {
            if (!ours) {
                WeaverLog.LOG.warn("{} The class is left unchanged.", reason, failure);
            } else if (refuse) {
                WeaverLog.LOG.error(
                        "{} The class is refused, because its methods would run unprotected"
                                + " (floodlock.on-failure=warn would let it load unprotected).",
                        reason,
                        failure instanceof Refusal ? null : failure);
            } else {
                WeaverLog.LOG.warn(
                        "{} The class loads UNPROTECTED, as floodlock.on-failure=warn allows.",
                        reason,
                        failure instanceof Refusal ? null : failure);
            }
        } catch (Throwable loggingFailed) {
            // the outcome must not depend on the log
        }
        if (ours) {
            decisions.failed(name, refuse, reason);
        }
    }
}
