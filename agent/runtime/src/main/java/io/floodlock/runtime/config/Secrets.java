package io.floodlock.runtime.config;

import java.util.regex.Pattern;

/** Removes passwords from texts that users will read. Thread-safe. */
public final class Secrets {

    /**
     * The pattern, compiled when the first text with a user part is masked. Most texts have none, and a pattern is
     * expensive while the JVM starts.
     */
    private static final class UserInfo {
        // matches up to the last @, as a password that is not encoded may contain @, / and commas; it is better to hide
        // a host than to show a password. The scheme may be missing.
        private static final Pattern PATTERN = Pattern.compile("(?:(?<=://)|^(?!.*://)).*@", Pattern.DOTALL);
    }

    private Secrets() {}

    /** The text with the user part of every URL in it replaced by {@code ***@}. */
    public static String mask(String text) {
        return text.indexOf('@') < 0 ? text : UserInfo.PATTERN.matcher(text).replaceAll("***@");
    }
}
