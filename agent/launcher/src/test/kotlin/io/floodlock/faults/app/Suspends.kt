@file:JvmName("Suspends")

package io.floodlock.faults.app

import io.floodlock.LockTimeoutException
import io.floodlock.PessimisticLock
import java.util.concurrent.Executors
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield

/** The only thread of one dispatcher. */
private val LOOP: CoroutineDispatcher =
    Executors.newSingleThreadExecutor { Thread(it, "loop").apply { isDaemon = true } }.asCoroutineDispatcher()

private val SCOPE = CoroutineScope(SupervisorJob() + LOOP)

private val held = mutableMapOf<String, CompletableDeferred<String>>()

@Volatile
private var waiting: Job? = null

private fun dispatcher(name: String): CoroutineDispatcher = when (name) {
    "loop" -> LOOP
    "unconfined" -> Dispatchers.Unconfined
    else -> Dispatchers.Default
}

private fun gate(item: String): CompletableDeferred<String> =
    synchronized(held) { held.getOrPut(item) { CompletableDeferred() } }

/** Every form, as many calls at once. */
fun visit(folder: String, calls: String, dispatcher: String): String {
    runBlocking(dispatcher(dispatcher)) {
        repeat(calls.toInt()) { FORMS.forEach { (name, form) -> launch { visitOne(name, form, folder, dispatcher) } } }
    }
    return "visited"
}

/** Every form, one after the other. */
fun visitAlone(folder: String, dispatcher: String): String {
    runBlocking(dispatcher(dispatcher)) { FORMS.forEach { (name, form) -> visitOne(name, form, folder, dispatcher) } }
    return "visited"
}

private suspend fun visitOne(name: String, form: suspend (String) -> Any?, folder: String, dispatcher: String) {
    val answer = try {
        form(folder)
    } catch (e: Throwable) {
        e.printStackTrace()
        e
    }
    if (answer != "ok") {
        Console.say("$name: $answer")
    }
    if (dispatcher == "loop" && !Thread.currentThread().name.startsWith("loop")) {
        Console.say("$name: resumed on ${Thread.currentThread().name}")
    }
}

/** Holds the lock until the test lets it go. */
@PessimisticLock(key = ["item:{item}"], waitTime = "1m")
private suspend fun hold(item: String): String {
    Console.say("holding $item on ${Thread.currentThread().name.substringBefore(' ')}")
    try {
        return gate(item).await()
    } finally {
        withContext(NonCancellable) {
            delay(20)
            Console.say("cleaned $item")
        }
    }
}

fun holdAndWait(item: String): String = runBlocking { withContext(LOOP) { hold(item) } }

fun letGo(item: String): String = "let go " + gate(item).complete("let go")

/** Asks for the lock on the loop, and does not wait. */
fun ask(item: String): String {
    waiting = SCOPE.launch {
        try {
            Console.say("got " + hold(item))
        } catch (e: Throwable) {
            Console.say("ended with ${e.javaClass.simpleName}: ${e.message} on ${Thread.currentThread().name.substringBefore(' ')}")
            throw e
        }
    }
    return ping()
}

fun ping(): String = runBlocking { withContext(LOOP) { "pong" } }

/** Cancels who asked, and waits for its end. */
fun cancel(): String {
    runBlocking {
        waiting!!.cancel(CancellationException("enough"))
        waiting!!.join()
    }
    return "cancelled"
}

fun timeOut(item: String): String =
    runBlocking { withContext(LOOP) { withTimeoutOrNull(50) { hold(item) } ?: "timed out" } }

fun timeOutLoudly(item: String): String = runBlocking { withTimeout(50) { hold(item) } }

/** Cancelled before it asks for a lock that is not free. */
fun cancelledBefore(item: String): String = runBlocking {
    val asking = launch(start = CoroutineStart.UNDISPATCHED) {
        coroutineContext.job.cancel()
        hold(item)
    }
    asking.join()
    "cancelled ${asking.isCancelled}"
}

@PessimisticLock(key = ["item:{item}"], waitTime = "1m")
private suspend fun raced(item: String, folder: String) {
    Room.enter(folder)
    try {
        delay(1)
    } finally {
        Room.leave(folder)
    }
}

/** Cancels calls while they ask, hold and let go; then the lock must be free. */
fun race(item: String, folder: String, calls: String): String = runBlocking(Dispatchers.Default) {
    coroutineScope {
        repeat(calls.toInt()) { call ->
            val racing = launch { raced(item, folder) }
            launch {
                repeat(call % 7) { yield() }
                if (call % 3 == 0) delay((call % 5).toLong())
                racing.cancel()
            }
        }
    }
    nowOrNever(item)
}

@PessimisticLock(key = ["item:{item}"], waitTime = "0")
private suspend fun nowOrNever(item: String): String = "free"

fun lockAtOnce(item: String): String = runBlocking { nowOrNever(item) }

// ---- scopes inside scopes

@PessimisticLock(key = ["item:{item}"], waitTime = "1s")
private fun blocking(item: String): String = "b"

@PessimisticLock(key = ["item:{item}"], waitTime = "1s")
private suspend fun suspending(item: String): String {
    delay(1)
    return "s" + blocking(item)
}

@PessimisticLock(key = ["item:{item}"], waitTime = "1m")
private suspend fun outer(item: String): String = coroutineScope {
    val seen = StringBuilder()
    seen.append(blocking(item)).append(suspending(item))
    delay(1)
    seen.append(blocking(item)).append(suspending(item))
    withContext(Dispatchers.IO) { seen.append(blocking(item)).append(suspending(item)) }
    seen.append(blocking(item)).append(Others().suspending(item))
    seen.append(async(Dispatchers.Default) { blocking(item) + suspending(item) }.await())
    seen.append(async { delay(1); suspending(item) }.await())
    seen.toString()
}

/** Another class, with what it knows of Kotlin on its own. */
private class Others {
    @PessimisticLock(key = ["item:{item}"], waitTime = "1s")
    suspend fun suspending(item: String): String {
        delay(1)
        return "s" + blocking(item)
    }
}

fun nested(item: String, dispatcher: String): String = runBlocking(dispatcher(dispatcher)) { outer(item) }

/** After a call its scope is nowhere: what comes next asks anew, and finds the lock taken by another coroutine. */
fun asksAnew(item: String): String = runBlocking(LOOP) {
    suspending(item)
    val other = launch(Dispatchers.Default) { hold(item) }
    while (gateUnheld(item)) delay(1)
    val found = tryLock(item)
    gate(item).complete("let go")
    other.join()
    found
}

private suspend fun gateUnheld(item: String): Boolean = tryLock(item) == "free"

private suspend fun tryLock(item: String): String =
    try {
        nowOrNever(item)
    } catch (e: LockTimeoutException) {
        "taken"
    }

private fun tryBlocking(item: String): String =
    try {
        atOnce(item)
    } catch (e: LockTimeoutException) {
        "taken"
    }

@PessimisticLock(key = ["item:{item}"], waitTime = "0")
private fun atOnce(item: String): String = "free"

/** What the child finds while the call lasts, and while another holds the lock. */
fun outlivingChild(item: String): String = runBlocking(Dispatchers.Default) {
    val goOn = CompletableDeferred<Unit>()
    val started = CompletableDeferred<Unit>()
    val seen = CompletableDeferred<String>()
    leaveStarted(item, goOn, started, seen)
    val other = launch { hold(item) }
    while (tryLock(item) == "free") delay(1)
    goOn.complete(Unit)
    val found = seen.await()
    gate(item).complete("let go")
    other.join()
    found
}

/** Leaves a child behind that goes on in its scope's context after the scope has ended. */
@PessimisticLock(key = ["item:{item}"], waitTime = "1m")
private suspend fun leaveStarted(
    item: String,
    goOn: CompletableDeferred<Unit>,
    started: CompletableDeferred<Unit>,
    seen: CompletableDeferred<String>,
) {
    CoroutineScope(coroutineContext + SupervisorJob() + Dispatchers.Default).launch {
        val inside = tryLock(item) + " " + tryBlocking(item)
        started.complete(Unit)
        goOn.await()
        seen.complete(inside + ", " + tryLock(item) + " " + tryBlocking(item))
    }
    started.await()
}

/** A coroutine of nobody's is outside, though it was started inside. */
@OptIn(DelicateCoroutinesApi::class)
@PessimisticLock(key = ["item:{item}"], waitTime = "1m")
private suspend fun globalChild(item: String): String = GlobalScope.async { tryLock(item) + " " + tryBlocking(item) }.await()

fun stranger(item: String): String = runBlocking { globalChild(item) }

// ---- failures

@PessimisticLock(key = ["item:{item}"], waitTime = "1m", maxHold = "200ms")
private suspend fun forget(item: String): String = CompletableDeferred<String>().await()

fun forgotten(item: String): String = runBlocking { withContext(LOOP) { forget(item) } }

/** Crosses coroutines, as where kotlinx copies exceptions to add where they were awaited. */
fun forgottenFarAway(item: String): String =
    runBlocking { async(Dispatchers.Default) { withContext(LOOP) { forget(item) } }.await() }

fun lockAtOnceFarAway(item: String): String =
    runBlocking { async(Dispatchers.Default) { withContext(LOOP) { nowOrNever(item) } }.await() }
