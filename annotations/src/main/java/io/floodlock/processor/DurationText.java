package io.floodlock.processor;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations as the agent does: {@code 10s}, {@code 250ms}, {@code 1m30s}, {@code 2h}, {@code 1d}, {@code 0}. */
final class DurationText {

    private static final Pattern FORM =
            Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,8})m(?!s))?(?:(\\d{1,10})s)?(?:(\\d{1,13})ms)?");

    private DurationText() {}

    /** Null if the text is not a duration. */
    static Duration parse(String text) {
        String compact = text.strip();
        if (compact.equals("0")) {
            return Duration.ZERO;
        }
        Matcher match = FORM.matcher(compact);
        if (compact.isEmpty() || !match.matches()) {
            return null;
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
