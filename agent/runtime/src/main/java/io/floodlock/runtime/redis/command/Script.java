package io.floodlock.runtime.redis.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script that accesses keys of one slot; {@code RedisGateway} runs it. It runs by its digest; the text is sent
 * only if Redis does not have it yet.
 *
 * @param name for messages
 */
public record Script(String name, String text, String digest) {

    /**
     * Reads a script from the class path, next to {@code owner}. Several resources are joined in the order given, so
     * that later ones can call functions of earlier ones.
     */
    public static Script load(Class<?> owner, String... resources) {
        StringBuilder text = new StringBuilder();
        for (String resource : resources) {
            text.append(read(owner, resource)).append('\n');
        }
        return of(resources[resources.length - 1], text.toString());
    }

    public static Script of(String name, String text) {
        try {
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(name, text, HexFormat.of().formatHex(sha1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("No script " + resource + " next to " + owner.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
