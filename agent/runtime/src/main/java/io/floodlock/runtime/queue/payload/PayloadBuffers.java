package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;

/**
 * The buffers that Jackson uses while it encodes or decodes; {@link PayloadMapper} gives them to all mappers. Jackson's
 * own pool is a ThreadLocal: on a virtual thread that ends after one call it allocates all buffers anew, and on the
 * application's threads it leaves them behind. Holds bytes and chars only, nothing of the application's classes.
 * Thread-safe.
 */
final class PayloadBuffers extends RecyclerPool.BoundedPoolBase<BufferRecycler> {

    private static final long serialVersionUID = 1L;

    /** As many calls may use at one time; further ones allocate. */
    private static final int MOST = 16;

    /** In bytes or chars; a buffer that grew beyond it, for a long text, is left to the garbage collector. */
    static final int LARGEST = 16 * 1024;

    static final PayloadBuffers SHARED = new PayloadBuffers();

    private PayloadBuffers() {
        super(MOST);
    }

    @Override
    public BufferRecycler createPooled() {
        return new SmallBuffers();
    }

    private Object readResolve() {
        return SHARED;
    }

    private static final class SmallBuffers extends BufferRecycler {

        @Override
        public void releaseByteBuffer(int index, byte[] buffer) {
            if (buffer.length <= LARGEST) {
                super.releaseByteBuffer(index, buffer);
            }
        }

        @Override
        public void releaseCharBuffer(int index, char[] buffer) {
            if (buffer.length <= LARGEST) {
                super.releaseCharBuffer(index, buffer);
            }
        }
    }
}
