@file:JvmName("OldestKotlin")

package io.floodlock.faults.app

import io.floodlock.PessimisticLock
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

private open class Oldest {
    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    open suspend fun open(folder: String): String {
        Room.enter(folder)
        delay(1)
        withContext(Dispatchers.IO) { Room.leave(folder) }
        return "ok"
    }

    suspend fun callPrivate(folder: String): String = private(folder)

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    private suspend fun private(folder: String): String {
        Room.enter(folder)
        delay(1)
        delay(1)
        Room.leave(folder)
        return "ok"
    }

    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    suspend fun tailCall(folder: String): String = callPrivate(folder)
}

private class Older : Oldest() {
    @PessimisticLock(key = ["{folder}"], waitTime = "1m")
    override suspend fun open(folder: String): String {
        delay(1)
        return super.open(folder)
    }
}

fun visit(folder: String, calls: String): String {
    runBlocking(Dispatchers.Default) {
        repeat(calls.toInt()) {
            launch { check(Oldest().open(folder) == "ok") }
            launch { check(Older().open(folder) == "ok") }
            launch { check(Older().callPrivate(folder) == "ok") }
            launch { check(Older().tailCall(folder) == "ok") }
        }
    }
    return "visited"
}
