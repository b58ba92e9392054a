package io.floodlock.weaver.pointcut;

/** Finds types by binary name without loading them; null where there is no class file. */
interface Types {

    TypeShape find(String name);
}
