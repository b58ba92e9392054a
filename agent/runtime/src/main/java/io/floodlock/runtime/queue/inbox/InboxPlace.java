package io.floodlock.runtime.queue.inbox;

import io.floodlock.runtime.tx.TxHome;

/** The database in which calls are recorded, and the tables there. */
record InboxPlace(TxHome home, InboxTables tables) {}
