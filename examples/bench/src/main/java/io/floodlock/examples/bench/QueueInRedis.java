package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.QueueKind;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode.InfoSection;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.api.redisnode.RedisSingle;

/** The time that Redis itself spends on one call, of producer and consumer together, by its own statistics. */
final class QueueInRedis {

    private static final String ROW = "redis-usec-32";
    private static final Pattern USEC = Pattern.compile("usec=(\\d+)");

    private final BenchContext context;
    private final RedisSingle redis;
    private final QueueContender ours;

    QueueInRedis(BenchContext context, RedissonClient redisson, QueueContender ours) {
        this.context = context;
        this.redis = redisson.getRedisNodes(RedisNodes.SINGLE);
        this.ours = ours;
    }

    void run() throws Exception {
        if (!context.runs(ROW)) {
            return;
        }
        QueueKind kind = ours.kind();
        redis.getInstance().setConfig("appendfsync", "everysec");
        Series usec = new Series();
        for (int round = 0; round < (context.quick() ? 3 : 7); round++) {
            long before = usec();
            long calls =
                    QueueRates.endToEnd(kind, 32, context.roundTime()).nanos().getTotalCount();
            usec.add(Sample.of((usec() - before) / (double) calls));
        }
        context.report().add(ROW, "us", usec);
        context.report().differenceGoal(ROW, usec.median(), "none", 0, Want.atMost(4));
    }

    private long usec() {
        long sum = 0;
        for (Map.Entry<String, String> command :
                redis.getInstance().info(InfoSection.COMMANDSTATS).entrySet()) {
            Matcher usec = USEC.matcher(command.getValue());
            // a script's time includes that of the commands it runs, which are listed too
            if (usec.find()
                    && !command.getKey()
                            .matches(
                                    "cmdstat_(info|config.*|hset|hget|hmget|hdel|hsetnx|hkeys|exists|xtrim|xinfo.*)")) {
                sum += Long.parseLong(usec.group(1));
            }
        }
        return sum;
    }
}
