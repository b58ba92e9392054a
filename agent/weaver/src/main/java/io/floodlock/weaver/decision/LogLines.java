package io.floodlock.weaver.decision;

import io.floodlock.weaver.explain.Decision;
import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.log.Log;
import java.util.function.Consumer;

/** Each decision as a line of the agent's log. */
final class LogLines implements Consumer<Decision> {

    @Override
    public void accept(Decision decision) {
        Log.LOG.info("{}", DecisionText.line(decision));
    }
}
