package io.floodlock.weaver.decision;

import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.log.WeaverLog;
import java.util.function.Consumer;

/** Writes each decision as one line of the agent's log, at INFO. */
final class LogLines implements Consumer<WeavingDecision> {

    @Override
    public void accept(WeavingDecision decision) {
        WeaverLog.LOG.info("{}", DecisionText.line(decision));
    }
}
