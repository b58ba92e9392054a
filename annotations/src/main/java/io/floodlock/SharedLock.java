package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method while it holds its keys shared, among all threads of all JVMs that share one Redis and one
 * {@code floodlock.namespace}: any number of shared holders at once, but none at the same time as a
 * {@link PessimisticLock} holder of the same key.
 *
 * <p>A scope that holds a key exclusively may acquire it shared; that is a re-entry. A scope that holds a key shared
 * and requests it exclusively gets {@link LockUpgradeException} at once, because two such scopes would wait for each
 * other forever. If one method names a key in both modes, it acquires the key exclusively.
 *
 * <p>The guarantee, and the point where it ends, are those of {@link PessimisticLock}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Repeatable(SharedLocks.class)
public @interface SharedLock {

    /** The keys, written as those of {@link PessimisticLock#key()}. */
    String[] key();

    /** Longest time to wait until all keys are held, as {@link PessimisticLock#waitTime()}. */
    String waitTime() default "10s";

    /** The behavior of the call if a key isn't free within {@link #waitTime}, as {@link PessimisticLock#onBusy()}. */
    OnBusy onBusy() default OnBusy.THROW;

    /** Longest time that the keys may be held, as {@link PessimisticLock#maxHold()}. */
    String maxHold() default "";

    /**
     * Whether databases refuse the method's transactions once a later exclusive holder has worked there, as
     * {@link PessimisticLock#fenced()}. Shared holders at the same time do not block each other. An exclusive
     * fenced holder waits for their open transactions.
     */
    boolean fenced() default false;
}
