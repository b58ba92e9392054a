package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.launcher.app.Shop;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;

/** What woven code asks of the runtime, in JVMs of its own. */
class WeavingIT {

    @PerJdk
    void everyWayToCallAnAnnotatedMethodIsCovered(Jdk jdk) {
        try (ForkedJvm jvm =
                App.main(Shop.class, jdk).jvmArgs(RecordingAgent.option()).start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals("""
                      constructed
                      enter place[id]
                    Special.place 42
                      enter place[id]
                    Shop.place 42
                      exit place[id]
                      exit place[id]
                      enter hidden[text, amount]
                    Shop.hidden x 2.0
                      exit hidden[text, amount]
                      enter last[]
                    Shop.last
                      exit last[]
                      enter total[a, b]
                    Shop.total
                      exit total[a, b]
                      enter apply[text]
                    Shop.apply bridged
                      exit apply[text]
                      enqueue store[text]
                      enter store[text]
                    Shop.store later 1
                      exit store[text]
                      enter place[id]
                    Special.place 43
                      enter place[id]
                    Shop.place 43
                      exit place[id]
                      exit place[id]
                      fencingToken
                      fencingTokenOf
                      transactionId
                    token 77tx\
                    """, jvm.output());
        }
    }
}
