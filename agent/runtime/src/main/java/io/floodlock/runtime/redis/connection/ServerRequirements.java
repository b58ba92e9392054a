package io.floodlock.runtime.redis.connection;

import io.floodlock.runtime.failure.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A server's version and settings, read from its INFO, and the check that they meet the agent's requirements.
 * {@link LiveConnection} makes the check after connecting.
 */
public record ServerRequirements(String address, Map<String, String> info) {

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\..*)?");

    public static ServerRequirements of(String address, List<?> sections) {
        Map<String, String> info = new HashMap<>();
        for (Object section : sections) {
            String.valueOf(section).lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    info.put(line.substring(0, colon), line.substring(colon + 1).strip());
                }
            });
        }
        return new ServerRequirements(address, info);
    }

    public boolean cluster() {
        return "cluster".equals(info.get("redis_mode"));
    }

    public String version() {
        return info.getOrDefault("redis_version", "");
    }

    public void check() {
        String version = version();
        var match = VERSION.matcher(version);
        if (!match.matches()) {
            throw Failure.UNAVAILABLE.because("The server at " + address + " reports version '" + version
                    + "'. Floodlock needs Redis 6.2 or later; point floodlock.redis at one.");
        }
        int major = Integer.parseInt(match.group(1));
        int minor = Integer.parseInt(match.group(2));
        if (major < 6 || (major == 6 && minor < 2)) {
            throw Failure.UNAVAILABLE.because("Redis at " + address + " is version " + version
                    + ". Floodlock needs 6.2 or later; upgrade it, or point floodlock.redis at another server.");
        }
        String policy = info.getOrDefault("maxmemory_policy", "noeviction");
        // refused even without a memory limit, which may be set while the server runs
        if (!policy.equals("noeviction")) {
            throw Failure.UNAVAILABLE.because("Redis at " + address + " has maxmemory-policy " + policy
                    + ", which may drop locks and queued calls when memory is short. Set maxmemory-policy noeviction.");
        }
    }
}
