package io.floodlock.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The class's tests run once, on the newest JDK that this machine has; its field of type Jdk says which. For long ones
 * whose subject is another program: a database, a pool, Redis.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.floodlock.testkit.Jdks#newest")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnNewestJdk {}
