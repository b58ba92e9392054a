package io.floodlock.runtime.queue.payload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PayloadBuffersTest {

    @SuppressWarnings("unused")
    static class Methods {
        void texts(List<String> texts, Optional<String> note) {}
    }

    private static ArgumentsCodec codec(ObjectMapper mapper) throws ReflectiveOperationException {
        return new ArgumentsCodec(Methods.class.getDeclaredMethod("texts", List.class, Optional.class), mapper);
    }

    @Test
    void allMappersShareThem() {
        assertSame(PayloadBuffers.SHARED, PayloadMapper.create().getFactory()._getRecyclerPool());
    }

    @Test
    void aLongTextLeavesNoLargeBuffer() throws Exception {
        ArgumentsCodec codec = codec(PayloadMapper.create());
        Object[] arguments = {List.of("x".repeat(300_000), "\u20ac".repeat(100_000)), Optional.of("n")};
        assertArrayEquals(arguments, codec.decode(codec.encode(arguments)));

        List<BufferRecycler> all = new ArrayList<>();
        int pooled = PayloadBuffers.SHARED.pooledCount();
        assertTrue(pooled > 0, "nothing was returned");
        for (int i = 0; i < pooled; i++) {
            BufferRecycler one = PayloadBuffers.SHARED.acquirePooled();
            all.add(one);
            for (int index = 0; index < 4; index++) {
                char[] chars = one.allocCharBuffer(index);
                byte[] bytes = one.allocByteBuffer(index);
                assertTrue(chars.length <= PayloadBuffers.LARGEST, "chars " + index + ": " + chars.length);
                assertTrue(bytes.length <= PayloadBuffers.LARGEST, "bytes " + index + ": " + bytes.length);
            }
        }
        all.forEach(PayloadBuffers.SHARED::releasePooled);
    }

    @Test
    void manyThreadsMoreThanThereAreBuffersGetTheirOwnValues() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(40);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 40; thread++) {
                String mark = "text " + thread + " ";
                ArgumentsCodec codec = codec(PayloadMapper.create());
                runs.add(threads.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        Object[] arguments = {List.of(mark.repeat(1 + i % 50), mark + i), Optional.of(mark + -i)};
                        assertArrayEquals(arguments, codec.decode(codec.encode(arguments)));
                    }
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertTrue(PayloadBuffers.SHARED.pooledCount() <= PayloadBuffers.SHARED.capacity());
    }
}
