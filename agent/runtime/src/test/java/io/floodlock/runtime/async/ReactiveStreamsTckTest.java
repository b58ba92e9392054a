package io.floodlock.runtime.async;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;

/** What a woven method returns keeps the rules of reactive-streams, as its own test kit checks them. */
public class ReactiveStreamsTckTest extends PublisherVerification<Long> {

    private static final long PATIENCE_MS = 200;

    public ReactiveStreamsTckTest() {
        super(new TestEnvironment(PATIENCE_MS));
    }

    @Override
    public Publisher<Long> createPublisher(long elements) {
        return woven(new ScriptedCall(() -> Flux.generate(() -> 0L, (sent, sink) -> {
                    if (sent == elements) {
                        sink.complete();
                    } else {
                        sink.next(sent);
                    }
                    return sent + 1;
                }))
                .free());
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        return woven(new ScriptedCall(() -> {
                    throw new IllegalStateException("the body failed");
                })
                .free());
    }

    @SuppressWarnings("unchecked")
    private static Publisher<Long> woven(ScriptedCall call) {
        return (Publisher<Long>) AsyncResults.reactive(Publisher.class).start(call);
    }
}
