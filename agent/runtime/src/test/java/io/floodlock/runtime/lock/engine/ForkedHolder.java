package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockScope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The main class of a forked JVM: takes a lock, tells its token, at {@code verify}
 * whether it still holds it, at {@code close} frees everything and ends, at {@code leave} only ends. */
final class ForkedHolder {

    private ForkedHolder() {}

    public static void main(String[] args) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        TestJvm jvm = new TestJvm(args[0], args[1]);
        LockScope scope = jvm.lock(args[2]);
        System.out.println("holds " + scope.token(args[2]));
        String command = input.readLine();
        while ("verify".equals(command)) {
            try {
                scope.verify();
                System.out.println("verified");
            } catch (FloodlockFailure e) {
                System.out.println(e.kind().name().toLowerCase(Locale.ROOT));
            }
            command = input.readLine();
        }
        if ("close".equals(command)) {
            scope.close();
            jvm.close();
        }
    }
}
