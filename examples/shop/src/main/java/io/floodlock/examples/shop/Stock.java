package io.floodlock.examples.shop;

/** The stock of one product, and the number of its units that are sold and not refunded. */
public record Stock(int initial, int left, int sold) {

    public boolean addsUp() {
        return left + sold == initial;
    }
}
