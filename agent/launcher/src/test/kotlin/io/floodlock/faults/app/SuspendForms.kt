package io.floodlock.faults.app

import io.floodlock.PessimisticLock
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield

/** The forms that a suspend function takes in Kotlin and in a class file. Each is alone in the room of its folder, and answers "ok". */
internal val FORMS: Map<String, suspend (String) -> Any?> = mapOf(
    "private" to { SuspendForms().callPrivate(it) },
    "open" to { SuspendFormsParent().open(it) },
    "overriding" to { SuspendForms().open(it) },
    "interface default" to { SuspendForms().default(it) },
    "extension" to { SuspendForms().extension(it) },
    "top level" to { topLevel(it) },
    "object" to { Single.visit(it) },
    "companion" to { SuspendForms.visit(it) },
    "static companion" to { SuspendForms.static(it) },
    "default arguments" to { SuspendForms().defaultArguments(it) },
    "overloads" to { SuspendForms().overloads(it) },
    "generic" to { SuspendForms().generic(it, "ok") },
    "Unit" to { if (SuspendForms().unit(it) == Unit) "ok" else "not Unit" },
    "nothing suspends" to { SuspendForms().nothingSuspends(it) },
    "several suspensions" to { SuspendForms().several(it) },
    "long and double" to { SuspendForms().wide(1L, 2.0, it, true) },
    "tail call" to { SuspendForms().tailCall(it) },
    "tail call of a locked one" to { SuspendForms().lockedTailCall(it) },
    "tail withContext" to { SuspendForms().tailWithContext(it) },
    "tail suspendCoroutine" to { SuspendForms().tailSuspend(it) },
    "tail suspendCancellableCoroutine" to { SuspendForms().tailSuspendCancellable(it) },
    "resumed elsewhere" to { SuspendForms().resumedElsewhere(it) },
    "undispatched" to { SuspendForms().undispatched(it) },
    "children" to { SuspendForms().children(it) },
    "recursion" to { SuspendForms().recursion("start:${CALLS.incrementAndGet()}", it, 3) },
    "local" to { SuspendForms().callLocal(it, "ok") },
    "reference" to { (SuspendForms()::nothingSuspends)(it) },
    "suspend lambda" to { folder -> call { SuspendForms().several(folder) } },
    "throws at once" to { thrownBy { SuspendForms().throwsAtOnce(it) } },
    "throws later" to { thrownBy { SuspendForms().throwsLater(it) } },
    "value class" to { SuspendForms().value(Folder(it), false).text },
    "value class, later" to { SuspendForms().value(Folder(it), true).text },
    "no value class" to { if (SuspendForms().maybeValue(Folder(it), false) == null) "ok" else "not null" },
    "no value class, later" to { if (SuspendForms().maybeValue(Folder(it), true) == null) "ok" else "not null" },
    "maybe value class" to { SuspendForms().someValue(Folder(it), false)?.text },
    "maybe value class, later" to { SuspendForms().someValue(Folder(it), true)?.text },
    "value class of an int" to { if (SuspendForms().number(it, false).number == 5) "ok" else "not 5" },
    "value class of an int, later" to { if (SuspendForms().number(it, true).number == 5) "ok" else "not 5" },
    "nullable value class" to { SuspendForms().nullable(it, false).text },
    "nullable value class, later" to { SuspendForms().nullable(it, true).text },
    "Result" to { SuspendForms().result(it, false).getOrThrow() },
    "Result, later" to { SuspendForms().result(it, true).getOrThrow() },
    "failed Result" to { SuspendForms().failed(it, false).exceptionOrNull()?.message },
    "failed Result, later" to { SuspendForms().failed(it, true).exceptionOrNull()?.message },
    "Result of null" to { if (SuspendForms().nullResult(it, false).isSuccess) "ok" else "failed" },
    "Result of null, later" to { if (SuspendForms().nullResult(it, true).isSuccess) "ok" else "failed" },
    "overridden with a value class" to { (SuspendForms() as Makes<Name>).make(it).text },
)

@JvmInline
internal value class Folder(val path: String)

@JvmInline
internal value class Name(val text: String)

@JvmInline
internal value class MaybeName(val text: String?)

@JvmInline
internal value class Number(val number: Int)

private val CALLS = AtomicInteger()

/** Alone in the room for a while, which it leaves whatever happens. */
internal suspend fun inTheRoom(folder: String, stay: suspend () -> Unit): String {
    Room.enter(folder)
    try {
        stay()
    } finally {
        Room.leave(folder)
    }
    return "ok"
}

private suspend fun briefly(folder: String, suspends: Boolean) {
    inTheRoom(folder) { if (suspends) delay(1) }
}

private suspend fun call(block: suspend () -> String): String = block()

private suspend fun thrownBy(block: suspend () -> Any?): String? =
    try {
        block()
        "nothing thrown"
    } catch (e: IOException) {
        if (e.suppressed.isEmpty()) e.message else "something added"
    }

@PessimisticLock(key = ["{folder}"], waitTime = "1m")
private suspend fun topLevel(folder: String): String = inTheRoom(folder) { delay(1) }

@PessimisticLock(key = ["{folder}"], waitTime = "1m")
private suspend fun SuspendForms.extension(folder: String): String = inTheRoom(folder) { delay(1) }

internal object Single {
    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun visit(folder: String): String = inTheRoom(folder) { delay(1) }
}

internal interface Defaults {
    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun default(folder: String): String {
        inTheRoom(folder) { delay(1) }
        yield()
        return "ok"
    }
}

internal interface Makes<T> {
    suspend fun make(folder: String): T
}

internal open class SuspendFormsParent {
    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    open suspend fun open(folder: String): String {
        inTheRoom(folder) { delay(1) }
        yield()
        return "ok"
    }
}

internal class SuspendForms : SuspendFormsParent(), Defaults, Makes<Name> {
    private val name = "ok"

    suspend fun callPrivate(folder: String): String = private(folder)

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    private suspend fun private(folder: String): String {
        inTheRoom(folder) { withContext(Dispatchers.IO) { delay(1) } }
        return name
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    override suspend fun open(folder: String): String {
        inTheRoom(folder) { delay(1) }
        return super.open(folder)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun defaultArguments(folder: String, answer: String = name): String {
        inTheRoom(folder) { delay(1) }
        return answer
    }

    @JvmOverloads
    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun overloads(folder: String, answer: String = name): String {
        inTheRoom(folder) { delay(1) }
        return answer
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun <T : Any> generic(folder: String, answer: T): T {
        inTheRoom(folder) { delay(1) }
        return answer
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun unit(folder: String) {
        inTheRoom(folder) { delay(1) }
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun nothingSuspends(folder: String): String {
        Room.enter(folder)
        Room.leave(folder)
        return name
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun several(folder: String): String {
        Room.enter(folder)
        var begun = 1
        for (i in 1..5) {
            delay(1)
            begun += i
            yield()
        }
        withContext(Dispatchers.IO) { begun++ }
        Room.leave(folder)
        return if (begun == 17) name else "begun $begun"
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun wide(long: Long, double: Double, folder: String, boolean: Boolean): String {
        inTheRoom(folder) { delay(long) }
        yield()
        return if (long == 1L && double == 2.0 && boolean) name else "wrong arguments"
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun tailCall(folder: String): String = inTheRoom(folder) { delay(1) }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun lockedTailCall(folder: String): String = tailCall(folder)

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun tailWithContext(folder: String): String =
        withContext(Dispatchers.IO) { inTheRoom(folder) { delay(1) } }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun tailSuspend(folder: String): String = suspendCoroutine { continuation ->
        Room.enter(folder)
        Thread { Room.leave(folder); continuation.resume("ok") }.start()
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun tailSuspendCancellable(folder: String): String = suspendCancellableCoroutine { continuation ->
        Room.enter(folder)
        Thread { Room.leave(folder); continuation.resume("ok") }.start()
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun resumedElsewhere(folder: String): String {
        Room.enter(folder)
        val seen = suspendCoroutine { continuation -> Thread { continuation.resume(name) }.start() }
        Room.leave(folder)
        return seen
    }

    /** Kotlin swaps what is on the thread without leaving it. */
    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun undispatched(folder: String): String =
        withContext(CoroutineName("inside")) { inTheRoom(folder) { withContext(CoroutineName("further")) { delay(1) } } }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun children(folder: String): String = coroutineScope {
        inTheRoom(folder) { listOf(async { besides(folder) }, async { delay(1) }).forEach { it.await() } }
    }

    @PessimisticLock(key = ["{folder}", "beside:{folder}"], waitTime = "1m")
    private suspend fun besides(folder: String): String {
        yield()
        return folder
    }

    /** Each call has a key of its own, and the last that of the room. */
    @PessimisticLock(key = ["{key}"], waitTime = "1m")
    suspend fun recursion(key: String, folder: String, depth: Int): String {
        yield()
        val deeper =
            if (depth == 0) inTheRoom(folder) { delay(1) }
            else recursion(if (depth == 1) folder else "$key:$depth", folder, depth - 1)
        yield()
        return deeper
    }

    suspend fun callLocal(folder: String, answer: String): String {
        @PessimisticLock(key = ["{folder}"], waitTime = "1m")
        suspend fun local(folder: String): String {
            inTheRoom(folder) { delay(1) }
            return answer
        }
        return local(folder)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun throwsAtOnce(folder: String): String {
        Room.enter(folder)
        Room.leave(folder)
        if (folder.isNotEmpty()) throw IOException("ok")
        yield()
        return "nothing thrown"
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun throwsLater(folder: String): String {
        inTheRoom(folder) { delay(1) }
        throw IOException("ok")
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun value(folder: Folder, suspends: Boolean): Name {
        briefly(folder.path, suspends)
        return Name(name)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun maybeValue(folder: Folder, suspends: Boolean): Name? {
        briefly(folder.path, suspends)
        return null
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun someValue(folder: Folder, suspends: Boolean): Name? {
        briefly(folder.path, suspends)
        return Name(name)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun number(folder: String, suspends: Boolean): Number {
        briefly(folder, suspends)
        return Number(5)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun nullable(folder: String, suspends: Boolean): MaybeName {
        briefly(folder, suspends)
        return MaybeName(name)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun result(folder: String, suspends: Boolean): Result<String> {
        briefly(folder, suspends)
        return Result.success(name)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun failed(folder: String, suspends: Boolean): Result<String> {
        briefly(folder, suspends)
        return Result.failure(IOException("ok"))
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun nullResult(folder: String, suspends: Boolean): Result<String?> {
        briefly(folder, suspends)
        return Result.success(null)
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    override suspend fun make(folder: String): Name {
        Room.enter(folder)
        Room.leave(folder)
        return Name(name)
    }

    companion object {
        @PessimisticLock(key = ["{folder}"], waitTime = "1m")
        suspend fun visit(folder: String): String = inTheRoom(folder) { delay(1) }

        @JvmStatic
        @PessimisticLock(key = ["{folder}"], waitTime = "1m")
        suspend fun static(folder: String): String {
            inTheRoom(folder) { delay(1) }
            yield()
            return "ok"
        }
    }
}
