package io.floodlock.examples.shop;

/** The records of what a sale earns for the seller and the marketplace. */
interface Books {

    /** Records nothing. */
    Books NONE = order -> {};

    /** Records a sale, within its transaction. */
    void enter(Order order);
}
