package io.floodlock.runtime.config;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Parses durations in the notation of the settings: {@code 10s}, {@code 250ms}, {@code 1m30s}, {@code 2h},
 * {@code 1d}, {@code 0}.
 */
public final class Durations {

    private static final Pattern FORM =
            Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,8})m(?!s))?(?:(\\d{1,10})s)?(?:(\\d{1,13})ms)?");

    private Durations() {}

    /** @throws IllegalArgumentException if the text is not a duration; the message has the text and the notation */
    public static Duration parse(String text) {
        String compact = text.strip();
        if (compact.equals("0")) {
            return Duration.ZERO;
        }
        var match = FORM.matcher(compact);
        if (compact.isEmpty() || !match.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration; write it as 10s, 250ms, 1m30s, 2h, 1d or 0");
        }
        return Duration.ofDays(part(match.group(1)))
                .plusHours(part(match.group(2)))
                .plusMinutes(part(match.group(3)))
                .plusSeconds(part(match.group(4)))
                .plusMillis(part(match.group(5)));
    }

    private static long part(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
