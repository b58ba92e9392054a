package io.floodlock.runtime.redis.command;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts an exception of Redis or Redisson to a {@code FloodlockFailure} whose message names the address, the cause
 * and the remedy. It also tells whether a retry would fail too. {@code RedisGateway} and {@code LiveConnection} use it.
 */
public final class RedisErrors {

    /** Commands that a Sentinel lacks, and that are hardly ever renamed. */
    private static final Pattern UNKNOWN_COMMAND =
            Pattern.compile("unknown command [`'](?:EVAL|EVALSHA|SELECT)[`']", Pattern.CASE_INSENSITIVE);

    private static final Pattern COMMAND = Pattern.compile("unknown command [`'](\\w+)[`']");

    private RedisErrors() {}

    public static FloodlockFailure explain(String address, Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof FloodlockFailure failure) {
            return failure;
        }
        return Failure.UNAVAILABLE.because("Redis at " + address + problem(cause).text, cause);
    }

    /**
     * Whether a retry would fail too, until a setting is changed here or in Redis.
     *
     * @param failure of {@link #explain}, or of a check that would fail again
     */
    public static boolean isPermanent(FloodlockFailure failure) {
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
            remedy = " requires a password. Give it in floodlock.redis (redis://:password@host:port).";
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
                    + "). Grant it: ACL SETUSER <user> " + AclRights.RIGHTS;
        } else if (text.contains("non deterministic")) {
            remedy = " replicates scripts by their text. Set lua-replicate-commands yes.";
        } else if (text.contains("READONLY")) {
            permanent = false;
            remedy = " is a read-only replica. Point floodlock.redis at the master.";
        } else if (text.contains("cluster support disabled")) {
            remedy = " is not a cluster, but floodlock.redis names several servers. Name one; for Sentinel and other"
                    + " topologies give a Redisson configuration file in floodlock.redisson.";
        } else if (text.contains("DB index is out of range") || text.contains("invalid DB index")) {
            remedy = " has no database with the number in floodlock.redis. Correct the number after the last slash"
                    + " (redis://host:port/0), or raise databases in Redis.";
        } else if (UNKNOWN_COMMAND.matcher(text).find()) {
            remedy = " lacks the commands of a Redis server; is it a Sentinel? For Sentinel give a Redisson"
                    + " configuration file in floodlock.redisson.";
        } else if (text.contains("unknown command") || text.contains("Unknown Redis command")) {
            remedy = " has no command " + missing(text)
                    + ", which Floodlock needs: rename-command has renamed or disabled"
                    + " it. Remove that line from Redis's configuration; to forbid a command to other users, use ACL.";
        } else if (text.contains("No subject alternative") || text.contains("No name matching")) {
            remedy = " shows a certificate for another host name (" + innermost(cause) + "). Name the host in"
                    + " floodlock.redis as the certificate does, or issue a certificate for this host.";
        } else if (text.contains("NotAfter") || text.contains("NotBefore")) {
            remedy = " shows a certificate that is not valid at this time (" + innermost(cause)
                    + "). Renew it, or correct the clock of this machine.";
        } else if (text.contains("PKIX path")) {
            remedy = " shows a certificate that this JVM does not trust. Give the JVM the certificate of the issuing"
                    + " authority: -Djavax.net.ssl.trustStore=..., or sslTruststore in the Redisson configuration"
                    + " file.";
        } else if (text.contains("not allowed when used memory")) {
            permanent = false;
            // Redisson removes the error code OOM
            remedy = " is at maxmemory: it stores no new data. Locks that are held stay held and can be released,"
                    + " and stored calls run. Raise maxmemory or remove data; calls succeed again as soon as there is"
                    + " free memory.";
        } else {
            permanent = false;
            remedy = " is unavailable (" + innermost(cause)
                    + "). Check that it runs and that floodlock.redis names it; calls succeed again once it answers.";
        }
        return new Problem(remedy, permanent);
    }

    /** The name of the command that the server lacks, if the error contains it. */
    private static String missing(String text) {
        Matcher named = COMMAND.matcher(text);
        return named.find() ? named.group(1) : "(one of a script: TIME, DEL, PUBLISH or INFO)";
    }

    static boolean unknownScript(Throwable thrown) {
        return messages(unwrap(thrown)).contains("NOSCRIPT");
    }

    /** Whether a node of a cluster got a command for a slot of another node. */
    public static boolean movedInCluster(Throwable thrown) {
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

    /** The first cause, which Redisson wraps several times. */
    private static String innermost(Throwable thrown) {
        Throwable first = thrown;
        for (Throwable t = thrown; t != null && !(first instanceof UnknownHostException); t = t.getCause()) {
            first = t.getMessage() != null || t instanceof TimeoutException ? t : first;
        }
        return first instanceof TimeoutException && first.getMessage() == null
                ? "no connection within the connect timeout"
                : firstLine(first);
    }

    /**
     * The start of the message only: Redisson may append the command and its parameters, which are the application's
     * data.
     */
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
