package io.floodlock.runtime.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses {@code floodlock.redis}. For a URL that can't be used it reports the mistake without the password.
 * {@link SettingsParser} calls it.
 */
final class RedisUrls {

    private static final String ENCODING =
            "a user or password with one of @ : / ? # % , or a space must be percent-encoded:"
                    + " @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25, a comma as %2C, a space as %20";

    private RedisUrls() {}

    /**
     * The URLs of the text; empty for {@code embedded}.
     *
     * @throws IllegalArgumentException whose message says how to correct the text
     */
    static List<URI> parse(String text) {
        if (text.equals("embedded")) {
            return List.of();
        }
        List<URI> servers = new ArrayList<>();
        String[] urls = text.split(",", -1);
        for (int i = 0; i < urls.length; i++) {
            urls[i] = urls[i].strip();
            if (!urls[i].startsWith("redis://") && !urls[i].startsWith("rediss://")) {
                // the comma before it may be part of a password
                throw new IllegalArgumentException(
                        i > 0 && text.indexOf('@') >= 0
                                ? "after a comma another URL must follow, and " + ENCODING
                                : "each URL begins with redis:// or rediss://");
            }
        }
        for (String url : urls) {
            servers.add(server(url));
        }
        return servers;
    }

    private static URI server(String url) {
        String rest = url.substring(url.indexOf("://") + 3);
        int at = rest.lastIndexOf('@');
        String user = at < 0 ? "" : rest.substring(0, at);
        String server = rest.substring(at + 1);
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(isEncoded(user) ? badServer(server) : ENCODING);
        }
        if (!isEncoded(user)) {
            throw new IllegalArgumentException(ENCODING);
        }
        if (uri.getHost() == null
                || !isDatabase(uri.getPath())
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(badServer(server));
        }
        return uri;
    }

    // without patterns, as they are expensive while the JVM starts

    /** Whether the path is empty, or a slash and up to three digits. */
    private static boolean isDatabase(String path) {
        for (int i = 1; i < path.length(); i++) {
            if (path.charAt(i) < '0' || path.charAt(i) > '9') {
                return false;
            }
        }
        return path.isEmpty() || path.charAt(0) == '/' && path.length() <= 4;
    }

    /**
     * Whether the text needs no further encoding. It may have a colon between user and password, and further colons
     * in the password.
     */
    private static boolean isEncoded(String user) {
        for (int i = 0; i < user.length(); i++) {
            char c = user.charAt(i);
            if (c == '%') {
                if (i + 2 >= user.length() || !isHex(user.charAt(i + 1)) || !isHex(user.charAt(i + 2))) {
                    return false;
                }
                i += 2;
            } else if (!isPlain(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "._~!$&'()*+;=:-".indexOf(c) >= 0;
    }

    private static boolean isHex(char c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    private static String badServer(String server) {
        int end = server.length();
        for (char delimiter : new char[] {'/', ':', '?', '#'}) {
            int found = server.indexOf(delimiter);
            end = found < 0 ? end : Math.min(end, found);
        }
        String host = server.substring(0, end);
        if (host.indexOf('_') >= 0) {
            return "host '" + host
                    + "' has an underscore, which host names in URLs must not have; give the service a name"
                    + " or network alias with a dash, '" + host.replace('_', '-') + "', or use its address";
        }
        return "after :// write [user:password@]host[:port][/database], with a database number and nothing after it";
    }
}
