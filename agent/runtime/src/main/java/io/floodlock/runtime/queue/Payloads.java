package io.floodlock.runtime.queue;

import com.fasterxml.jackson.core.JsonProcessingException;

/** What may be said of a value that didn't travel: its place and type, never its content. */
final class Payloads {

    private Payloads() {}

    static String reason(Throwable e) {
        String text = e instanceof JsonProcessingException json ? json.getOriginalMessage() : String.valueOf(e);
        int line = text.indexOf('\n');
        String first = line < 0 ? text : text.substring(0, line);
        return first.length() <= 300 ? first : first.substring(0, 300) + "..";
    }
}
