@file:JvmName("PlainCoroutines")

package io.floodlock.faults.app

import io.floodlock.PessimisticLock
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine

// Kotlin's own coroutines, without a library for them

private suspend fun later(): Unit = suspendCoroutine { continuation ->
    CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS).execute { continuation.resume(Unit) }
}

private fun <T> start(block: suspend () -> T): CompletableFuture<T> {
    val result = CompletableFuture<T>()
    block.startCoroutine(Continuation(EmptyCoroutineContext) { outcome ->
        outcome.fold({ result.complete(it) }, { result.completeExceptionally(it) })
    })
    return result
}

@PessimisticLock(key = ["{folder}"], waitTime = "1m")
private suspend fun alone(folder: String): String {
    Room.enter(folder)
    later()
    val again = again(folder)
    later()
    Room.leave(folder)
    return again
}

@PessimisticLock(key = ["{folder}"], waitTime = "1s")
private suspend fun again(folder: String): String {
    later()
    return "again"
}

fun visit(folder: String, calls: String): String {
    val all = (1..calls.toInt()).map { start { alone(folder) } }
    CompletableFuture.allOf(*all.toTypedArray()).join()
    return if (all.all { it.get() == "again" }) "visited" else "wrong results"
}

fun kotlinx(): String = try {
    Class.forName("kotlinx.coroutines.Job").name
} catch (e: ClassNotFoundException) {
    "none"
}
