package io.floodlock.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The class's tests run once for each JDK that this machine has; its field of type Jdk says which. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.floodlock.testkit.Jdks#all")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnEachJdk {}
