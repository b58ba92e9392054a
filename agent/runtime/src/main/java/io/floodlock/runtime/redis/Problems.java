package io.floodlock.runtime.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns what Redis or Redisson throws into one clear failure with its remedy. */
final class Problems {

    private Problems() {}

    static FloodlockFailure explain(String address, Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof FloodlockFailure failure) {
            return failure;
        }
        return Failure.UNAVAILABLE.because("Redis at " + address + problem(cause).text, cause);
    }

    /**
     * Whether trying again would not help: somebody has to change a setting, here or there.
     *
     * @param failure of {@link #explain}, or of a check whose outcome would be the same
     */
    static boolean isPermanent(FloodlockFailure failure) {
        Throwable cause = failure.getCause();
        return cause == null || problem(unwrap(cause)).permanent;
    }

    private record Problem(String text, boolean permanent) {}

    private static Problem problem(Throwable cause) {
        String text = messages(cause);
        boolean permanent = true;
        String remedy;
        if (text.contains("WRONGPASS") || text.contains("invalid password")) {
            remedy = " refused the user name or password. Correct them in floodlock.redis"
                    + " (redis://user:password@host:port).";
        } else if (text.contains("NOAUTH") || text.contains("Authentication required")) {
            remedy = " wants a password. Give it in floodlock.redis (redis://:password@host:port).";
        } else if (text.contains("AUTH") && text.contains("without any password configured")) {
            remedy = " has no password for the user in floodlock.redis. Leave the password out, or set it in Redis.";
        } else if (text.contains("can't publish to the channel")
                || text.contains("of the channels")
                || text.contains("access a channel")) {
            remedy = " does not let this user use Floodlock's channels. Grant it: ACL SETUSER <user> &floodlock:*";
        } else if (text.contains("NOPERM")
                || text.contains("permissions to")
                || text.contains("one of the keys")
                || text.contains("can't run this command")) {
            remedy = " does not let this user run a command that Floodlock needs (" + firstLine(cause)
                    + "). Grant it: ACL SETUSER <user> " + Acl.RIGHTS;
        } else if (text.contains("non deterministic")) {
            remedy = " replicates scripts by their text. Set lua-replicate-commands yes.";
        } else if (text.contains("READONLY")) {
            permanent = false;
            remedy = " is a read-only replica. Point floodlock.redis at the master.";
        } else if (text.contains("cluster support disabled")) {
            remedy =
                    " is no cluster, but floodlock.redis names several servers. Name one; for Sentinel and other topologies"
                            + " give a Redisson configuration file in floodlock.redisson.";
        } else if (text.contains("unknown command")) {
            remedy = " doesn't know the commands of a Redis server; is it a Sentinel? For Sentinel give a Redisson"
                    + " configuration file in floodlock.redisson.";
        } else if (text.contains("PKIX path")) {
            remedy = " shows a certificate that this JVM does not trust. Give it that of the authority which signed it:"
                    + " -Djavax.net.ssl.trustStore=..., or sslTruststore in the Redisson configuration file.";
        } else if (text.contains("not allowed when used memory")) {
            permanent = false;
            // without the code OOM in front, which Redisson cuts off
            remedy = " is at maxmemory: it stores nothing new. What is held stays held and can be given back."
                    + " Raise maxmemory or remove data; calls work again as soon as there is room.";
        } else {
            permanent = false;
            remedy = " is unavailable (" + firstLine(cause)
                    + "). Check that it runs and that floodlock.redis names it; calls work again as soon as it answers.";
        }
        return new Problem(remedy, permanent);
    }

    static boolean unknownScript(Throwable thrown) {
        return messages(unwrap(thrown)).contains("NOSCRIPT");
    }

    /** A node of a cluster was asked about a slot of another. */
    static boolean movedInCluster(Throwable thrown) {
        return messages(unwrap(thrown)).contains("MOVED");
    }

    static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 10; t = t.getCause(), depth++) {
            all.append(t.getMessage()).append('\n');
        }
        return all.toString();
    }

    /** Redisson's messages may list the command with its parameters, which are the application's data: only the start. */
    private static String firstLine(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        int end = message.length();
        for (String stop : new String[] {" command:", " Command:", ", params", " params:", ". channel:", ". Try to"}) {
            int at = message.indexOf(stop);
            if (at >= 0) {
                end = Math.min(end, at);
            }
        }
        message = message.substring(0, end);
        return cause.getClass().getSimpleName() + ": " + (message.length() > 200 ? message.substring(0, 200) : message);
    }
}
