package io.floodlock.runtime.lock.engine;

/**
 * Compares texts in natural order: a run of digits counts as a number, so {@code k9} is before {@code k10}.
 * {@code InversionDetector} uses it as one of the orders in which applications may acquire keys.
 */
final class NaturalOrder {

    private NaturalOrder() {}

    static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (digit(a.charAt(i)) && digit(b.charAt(j))) {
                int endA = endOfDigits(a, i);
                int endB = endOfDigits(b, j);
                int order = compareNumbers(a, skipZeros(a, i, endA), endA, b, skipZeros(b, j, endB), endB);
                if (order != 0) {
                    return order;
                }
                i = endA;
                j = endB;
            } else if (a.charAt(i) != b.charAt(j)) {
                return Character.compare(a.charAt(i), b.charAt(j));
            } else {
                i++;
                j++;
            }
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }

    private static int compareNumbers(String a, int i, int endA, String b, int j, int endB) {
        if (endA - i != endB - j) {
            return Integer.compare(endA - i, endB - j);
        }
        for (int at = 0; at < endA - i; at++) {
            if (a.charAt(i + at) != b.charAt(j + at)) {
                return Character.compare(a.charAt(i + at), b.charAt(j + at));
            }
        }
        return 0;
    }

    private static int skipZeros(String text, int from, int end) {
        int at = from;
        while (at < end - 1 && text.charAt(at) == '0') {
            at++;
        }
        return at;
    }

    private static int endOfDigits(String text, int from) {
        int at = from;
        while (at < text.length() && digit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
