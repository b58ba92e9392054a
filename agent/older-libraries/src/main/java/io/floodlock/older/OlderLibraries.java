package io.floodlock.older;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.netty.util.Version;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uses each library inside woven methods, prints where each came from, and ends. */
public final class OlderLibraries {

    private static final Logger LOG = LoggerFactory.getLogger(OlderLibraries.class);

    private OlderLibraries() {}

    /** @param args the Redis that both this program and the agent use */
    public static void main(String[] args) throws Exception {
        System.out.println("agent " + Floodlock.isActive());
        for (Class<?> type :
                new Class<?>[] {Redisson.class, Version.class, ByteBuddy.class, ObjectMapper.class, Logger.class}) {
            System.out.println("uses " + jar(type));
        }
        Config config = new Config();
        config.useSingleServer().setAddress(args[0]).setConnectionMinimumIdleSize(1);
        RedissonClient redisson = Redisson.create(config);
        try {
            System.out.println("locked " + locked(redisson, "item"));
            System.out.println("queued " + queued("item").get());
            System.out.println("netty " + Version.identify().containsKey("netty-common"));
        } finally {
            redisson.shutdown();
        }
    }

    @PessimisticLock(key = "older:{item}")
    private static String locked(RedissonClient redisson, String item) throws Exception {
        RLock own = redisson.getLock("own:" + item);
        own.lock();
        try {
            redisson.getBucket("bucket:" + item).set(json(item));
            return redisson.getBucket("bucket:" + item).get() + " " + generated(item);
        } finally {
            own.unlock();
        }
    }

    @Queued(queue = "older", key = "{item}")
    private static CompletableFuture<String> queued(String item) throws Exception {
        LOG.info("the body logs with its own SLF4J");
        return CompletableFuture.completedFuture(json(item));
    }

    private static String json(String item) throws Exception {
        return new ObjectMapper().writeValueAsString(Map.of("item", item));
    }

    /** An object whose class is generated here and now. */
    private static Object generated(String text) throws ReflectiveOperationException {
        return new ByteBuddy(ClassFileVersion.JAVA_V8)
                .subclass(Object.class)
                .method(ElementMatchers.isToString())
                .intercept(FixedValue.value("generated " + text))
                .make()
                .load(OlderLibraries.class.getClassLoader())
                .getLoaded()
                .getDeclaredConstructor()
                .newInstance();
    }

    private static Path jar(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .getFileName();
    }
}
