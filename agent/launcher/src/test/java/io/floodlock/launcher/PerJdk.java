package io.floodlock.launcher;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The test runs once for each JDK that this machine has; its parameter says which. */
@ParameterizedTest
@MethodSource("io.floodlock.testkit.Jdks#all")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface PerJdk {}
