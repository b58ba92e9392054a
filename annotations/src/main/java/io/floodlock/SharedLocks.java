package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Container of the repeated {@link SharedLock} annotations of one method. The compiler adds it; do not write it by
 * hand.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface SharedLocks {

    /** The repeated annotations. */
    SharedLock[] value();
}
