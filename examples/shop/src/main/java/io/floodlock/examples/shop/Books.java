package io.floodlock.examples.shop;

/** What a sale earns the seller and the marketplace. */
interface Books {

    /** Nobody keeps any. */
    Books NONE = order -> {};

    /** Enters a sale, within its transaction. */
    void enter(Order order);
}
