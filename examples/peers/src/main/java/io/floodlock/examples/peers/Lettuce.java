package io.floodlock.examples.peers;

import java.net.URI;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Creates Lettuce connections to Redis; all threads share one connection. */
final class Lettuce {

    private Lettuce() {}

    static LettuceConnectionFactory connections(String redisUrl) {
        URI uri = URI.create(redisUrl);
        LettuceConnectionFactory factory = new LettuceConnectionFactory(uri.getHost(), uri.getPort());
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
