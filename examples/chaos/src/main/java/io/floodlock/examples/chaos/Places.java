package io.floodlock.examples.chaos;

import io.floodlock.testkit.RedisServer;
import java.util.Map;
import java.util.stream.Collectors;

/** The places of sessions in the queue for a key, as Redis has stored them. */
final class Places {

    private static final String SCRIPT = """
            local all = {}
            for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
              local sid = string.match(field, '^e:([^ ]+) ')
              if sid and string.sub(field, -string.len(ARGV[1]) - 1) == ' ' .. ARGV[1] then
                all[#all + 1] = sid .. ' ' ..
                  string.format('%d', cmsgpack.unpack(redis.call('HGET', KEYS[1], field))[9])
              end
            end
            return all
            """;

    private final RedisServer redis;
    private final String bucket;

    Places(RedisServer redis, String bucket) {
        this.redis = redis;
        this.bucket = bucket;
    }

    /** The places by session id. */
    Map<String, Long> of(String key) {
        return redis.cli("EVAL", SCRIPT, "1", bucket, key)
                .lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Long.parseLong(parts[1])));
    }
}
