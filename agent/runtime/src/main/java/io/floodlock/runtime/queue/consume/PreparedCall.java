package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.queue.lane.LaneCall;
import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.runtime.queue.method.Target;

/** A stored call that is ready to run. {@link CallRun} makes it. */
record PreparedCall(LaneCall call, QueueSite site, Target target, Object[] arguments) {}
