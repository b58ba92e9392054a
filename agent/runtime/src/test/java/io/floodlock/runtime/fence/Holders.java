package io.floodlock.runtime.fence;

import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.Ownership;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Lets a test say under which tokens a thread works, as if leases ended and tokens were given out as it likes. */
public final class Holders implements LockEngine {

    private final ThreadLocal<List<FenceClaim>> around = ThreadLocal.withInitial(List::of);

    /** The thread works for these holders from now on. */
    public void work(FenceClaim... claims) {
        around.set(List.of(claims));
    }

    /** One holder of a key. */
    public static final class Holder implements FenceClaim {
        private final String name;
        private final LockMode mode;
        private final long token;
        private final String owner;
        volatile Duration left = Duration.ofSeconds(10);
        volatile long outgrownBy;
        volatile boolean stands;

        public Holder(String name, LockMode mode, long token, String owner) {
            this.name = name;
            this.mode = mode;
            this.token = token;
            this.owner = owner;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public LockMode mode() {
            return mode;
        }

        @Override
        public long token() {
            return token;
        }

        @Override
        public String owner() {
            return owner;
        }

        @Override
        public Duration left() {
            return left;
        }

        @Override
        public void waited(Duration time) {}

        @Override
        public String site() {
            return "com.shop.Orders.place";
        }

        @Override
        public boolean outgrown(long known) {
            outgrownBy = known;
            return stands;
        }
    }

    @Override
    public List<FenceClaim> claims() {
        return around.get();
    }

    @Override
    public LockScope current() {
        return around.get().isEmpty() ? null : Open.SCOPE;
    }

    @Override
    public void verifyCurrent() {}

    @Override
    public LockScope acquire(List<LockRequest> requests, LockTerms terms) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pending acquireAgain(LockScope scope, Listener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pending acquireAsync(List<LockRequest> requests, LockTerms terms, Listener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Ownership> tryOwn(String name, Ownership.Listener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    /** Only its being there is asked for. */
    private enum Open implements LockScope {
        SCOPE;

        @Override
        public long token() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long token(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void verify() {}

        @Override
        public Entered enter() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
