package io.floodlock.examples.shop;

/** One product's stock and how much of it is sold and not given back. */
public record Stock(int initial, int left, int sold) {

    public boolean addsUp() {
        return left + sold == initial;
    }
}
