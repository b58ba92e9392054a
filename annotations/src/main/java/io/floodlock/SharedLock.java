package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method while holding its keys shared: any number of shared holders at once, none beside a
 * {@link PessimisticLock} holder of the same key, among all threads of all JVMs that share one Redis and one
 * {@code floodlock.namespace}.
 *
 * <p>A scope that holds a key exclusively may take it shared: that is a re-entry. A scope that holds it shared and asks for
 * it exclusively gets {@link LockUpgradeException} at once, as two such scopes would wait for each other for ever. Where one
 * method names a key in both modes, it takes it exclusively.
 *
 * <p>The guarantee, and where it ends, are those of {@link PessimisticLock}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Repeatable(SharedLocks.class)
public @interface SharedLock {

    /** The keys, written as those of {@link PessimisticLock#key()}. */
    String[] key();

    /** How long to wait until all keys are held, as {@link PessimisticLock#waitTime()}. */
    String waitTime() default "10s";

    /** What happens where a key isn't free within {@link #waitTime}, as {@link PessimisticLock#onBusy()}. */
    OnBusy onBusy() default OnBusy.THROW;

    /** How long the keys may be held, as {@link PessimisticLock#maxHold()}. */
    String maxHold() default "";

    /**
     * Whether databases refuse the method's transactions once a later exclusive holder has worked there, as
     * {@link PessimisticLock#fenced()}. Shared holders at one time don't hinder each other; an exclusive fenced one waits for
     * their open transactions.
     */
    boolean fenced() default false;
}
