package io.floodlock.weaver.pointcut;

/**
 * Finds types by binary name without loading them; the result is null if there is no class file. {@link ClassFiles}
 * implements it.
 */
interface Types {

    TypeShape find(String name);
}
