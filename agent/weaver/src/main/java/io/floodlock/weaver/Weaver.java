package io.floodlock.weaver;

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
 * Weaves classes as they load, and fails closed where a class that asks for protection can't have it.
 *
 * <p>Three outcomes, by what the class is:
 *
 * <ul>
 *   <li>nothing of ours in it, or only a hook that Floodlock would like to have: left as it is, whatever goes wrong;
 *   <li>an annotation in it, or a rule for it, and woven: the woven bytes;
 *   <li>an annotation in it, or a rule for it, and not to be woven: its {@link StandIn}, whose use fails with a
 *       ClassFormatError that says why. Where there is none, as of an interface or a class that is loaded already, bytes that
 *       are no class file: to load or change it fails with a ClassFormatError. Answering null, or throwing, would let the JVM
 *       define the class unprotected.
 * </ul>
 *
 * The log says of each class once why it is refused, however often and by however many loaders it is asked for.
 */
final class Weaver implements ClassFileTransformer {

    /** No class file: the JVM refuses it. */
    static final byte[] UNLOADABLE = new byte[16];

    private static final int REMEMBERED = 1_000;

    private final ClassWeaver classes;
    private final boolean refuse;
    private final Decisions decisions;
    private final LoadedClasses loaded;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();
    private final ClassLoader own = Weaver.class.getClassLoader();
    private final ClassLoader platform = ClassLoader.getPlatformClassLoader();

    /** @param refuse whether a class that can't be protected must not load; else it loads with a warning */
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
        // what leaves this method as an exception is ignored by the JVM, which then defines the class as it is
        try {
            if (redefined == null) {
                return look(loader, name, file, file, false);
            }
            return loaded.isProbing() ? loaded.probed(redefined, file) : transformAgain(loader, name, redefined, file);
        } catch (Throwable failure) {
            boolean ours = asks(loader, name, file);
            byte[] answer = failed(name, ours, failure);
            byte[] standIn = answer == null || redefined != null ? null : StandIn.of(file, refusal(name, failure));
            return standIn == null ? answer : standIn;
        }
    }

    /** What whoever uses the class is told. */
    private static String refusal(String name, Throwable failure) {
        return name.replace('/', '.') + " is refused, because its methods would run unprotected: "
                + reason(name, failure);
    }

    private void outside(ClassLoader loader, String name, byte[] file) {
        try {
            decisions.outside(loader, name, file);
        } catch (Throwable unexplained) {
            // the JDK's classes load whatever is said of them
        }
    }

    private byte[] transformAgain(ClassLoader loader, String name, Class<?> type, byte[] file) {
        byte[] declaration = loaded.declaration(type, file);
        try {
            return look(loader, name, file, declaration, loaded.isInitialized(type));
        } catch (Throwable failure) {
            return failed(name, asks(loader, name, declaration), failure);
        }
    }

    /**
     * The decision itself, which {@link #transform} makes for the JVM; parameters as {@link ClassWeaver#weave} has them.
     *
     * @return null if nothing in the class is to be woven
     * @throws Refusal if something is, but can't be
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

    /** Whether the class asks for protection, rather than Floodlock for a hook in it; it does where that can't be told. */
    boolean asks(ClassLoader loader, String name, byte[] file) {
        try {
            return ConstantPool.isAnnotated(file)
                    || classes.isComposed(loader, file)
                    || classes.mayBeNamed(loader, name, file) && !isGenerated(name, file) && classes.asks(loader, file);
        } catch (Throwable unknown) {
            return true;
        }
    }

    /** By its name, and because its code has no lines: compilers write those, generators of subclasses don't. */
    private static boolean isGenerated(String name, byte[] file) {
        return Targets.isGenerated(name) && !SourceLines.in(file);
    }

    /** What to say of a failure of {@link #look}. */
    static String reason(String name, Throwable failure) {
        return failure instanceof Refusal
                ? failure.getMessage()
                : name.replace('/', '.').concat(" could not be woven: ").concat(failure.toString());
    }

    /** Whether classes of that loader and name are ever looked at; hidden classes have no name. */
    boolean concerns(ClassLoader loader, String name) {
        return loader != null && loader != own && loader != platform && name != null;
    }

    /** Whether {@link #transform} would do something with that class file, be it refuse it. */
    boolean wants(ClassLoader loader, String name, byte[] file) {
        try {
            return isCandidate(loader, name, file) && !isGenerated(name, file) && classes.wants(loader, file);
        } catch (RuntimeException unreadable) {
            return true;
        }
    }

    /** Whether the class has our annotations, and the bytes don't say where. */
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

    /** Forgets rather than fills the memory, for an application that makes classes without end. */
    private boolean isNew(String name, String reason) {
        if (reported.size() >= REMEMBERED) {
            reported.clear();
        }
        return reported.add(name + ' ' + reason);
    }

    private void report(String name, boolean ours, String reason, Throwable failure) {
        try {
            if (!ours) {
                WeaverLog.LOG.warn("{} It is left as it is.", reason, failure);
            } else if (refuse) {
                WeaverLog.LOG.error(
                        "{} The class is refused, because its methods would run unprotected"
                                + " (floodlock.on-failure=warn would let it load so).",
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
