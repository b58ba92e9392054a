package io.floodlock.weaver.pointcut;

/** A name pattern in which each {@code *} matches any text, including none. */
record Glob(String text) {

    boolean isAny() {
        return text.equals("*");
    }

    boolean isLiteral() {
        return text.indexOf('*') < 0;
    }

    boolean matches(String name) {
        int star = text.indexOf('*');
        if (star < 0) {
            return text.equals(name);
        }
        int last = text.lastIndexOf('*');
        int tail = text.length() - last - 1;
        if (name.length() < star + tail
                || !name.startsWith(text.substring(0, star))
                || !name.endsWith(text.substring(last + 1))) {
            return false;
        }
        // each text between two stars is matched at its first occurrence: a later one would leave less room for the
        // rest
        int at = star;
        int end = name.length() - tail;
        while (star < last) {
            int next = text.indexOf('*', star + 1);
            String piece = text.substring(star + 1, next);
            int found = name.indexOf(piece, at);
            if (found < 0 || found + piece.length() > end) {
                return false;
            }
            at = found + piece.length();
            star = next;
        }
        return true;
    }
}
