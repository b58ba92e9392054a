package io.floodlock.weaver.decision;

import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.log.WeaverLog;
import java.util.function.Consumer;

/** Each decision as a line of the agent's log. */
final class LogLines implements Consumer<WeavingDecision> {

    @Override
    public void accept(WeavingDecision decision) {
        WeaverLog.LOG.info("{}", DecisionText.line(decision));
    }
}
