@file:JvmName("SuspendRefused")

package io.floodlock.faults.app

import io.floodlock.PessimisticLock
import java.lang.reflect.InvocationTargetException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf

// functions whose class can't be woven, each in a class of its own

class ReturnsDeferred {
    @PessimisticLock(key = ["a"])
    fun work(): Deferred<String> = CompletableDeferred("done")
}

class ReturnsJob {
    @PessimisticLock(key = ["a"])
    fun work(): Job = CompletableDeferred("done")
}

class ReturnsFlow {
    @PessimisticLock(key = ["a"])
    fun work(): Flow<String> = flowOf("done")
}

class Inlined {
    @PessimisticLock(key = ["a"])
    inline fun work(body: () -> String): String = body()
}

class InlinedAndSuspending {
    @PessimisticLock(key = ["a"])
    suspend inline fun work(body: () -> String): String = body()
}

class Reified {
    @PessimisticLock(key = ["a"])
    inline fun <reified T> work(): String = T::class.java.name
}

class AnnotatedLambda {
    val work = @PessimisticLock(key = ["a"]) suspend { "done" }
}

fun load(name: String): String {
    try {
        Class.forName("io.floodlock.faults.app.$name").getDeclaredConstructor().newInstance()
    } catch (e: InvocationTargetException) {
        throw e.targetException
    }
    return "loaded"
}
