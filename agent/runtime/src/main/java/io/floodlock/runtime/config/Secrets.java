package io.floodlock.runtime.config;

import java.util.regex.Pattern;

/** Takes passwords out of texts that people will read. */
public final class Secrets {

    // up to the last @: a password that nobody encoded may hold @, / and commas; better to hide a host than to show one
    // whose scheme may have been forgotten
    private static final Pattern USER_INFO = Pattern.compile("(?:(?<=://)|^(?!.*://)).*@", Pattern.DOTALL);

    private Secrets() {}

    /** The text with the user part of every URL in it replaced by {@code ***@}. */
    public static String mask(String text) {
        return USER_INFO.matcher(text).replaceAll("***@");
    }
}
