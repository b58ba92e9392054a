package io.floodlock.examples.social.trial;

/**
 * What the user with a number does. It depends on the number alone, so that a run can be audited.
 *
 * @param post few posts get most of the visits
 */
record Visit(long post, boolean comments) {

    private static final int COMMENT_EVERY = 10;

    static Visit of(long number, int posts) {
        // multiplicative hashing spreads neighboring numbers
        long spread = number * 0x9E3779B97F4A7C15L;
        double draw = (spread >>> 11) / (double) (1L << 53);
        return new Visit((long) (posts * draw * draw * draw), number % COMMENT_EVERY == 0);
    }
}
