package io.floodlock.runtime.config;

import java.util.regex.Pattern;

/** Takes passwords out of texts that people will read. */
public final class Secrets {

    /** Made when a text has a user part: most have none, and a pattern is dear while the JVM starts. */
    private static final class UserInfo {
        // up to the last @: a password that nobody encoded may hold @, / and commas; better to hide a host than to show
        // one
        // whose scheme may have been forgotten
        private static final Pattern PATTERN = Pattern.compile("(?:(?<=://)|^(?!.*://)).*@", Pattern.DOTALL);
    }

    private Secrets() {}

    /** The text with the user part of every URL in it replaced by {@code ***@}. */
    public static String mask(String text) {
        return text.indexOf('@') < 0 ? text : UserInfo.PATTERN.matcher(text).replaceAll("***@");
    }
}
