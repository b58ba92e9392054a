package io.floodlock.weaver.tool;

import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.io.PrintWriter;
import java.util.List;

/**
 * Writes a {@link Report} as text: first the classes and methods that ask for protection, then, on request, the hooks
 * that the agent weaves for its own use.
 */
final class TextReport {

    private TextReport() {}

    /** @param withHooks whether to print a line for each hook rather than only their number */
    static void write(Report report, boolean withHooks, PrintWriter out) {
        List<Report.Found> hooks =
                report.found().stream().filter(TextReport::isHook).toList();
        List<Report.Found> decisions =
                report.found().stream().filter(found -> !isHook(found)).toList();
        write(report, decisions, out);
        if (withHooks && !hooks.isEmpty()) {
            out.println("hooks for the agent's own use, which do not change what a method does:");
            write(report, hooks, out);
        }
        out.println(counted(report.classes(), "class", "classes") + ": "
                + counted(report.count(Outcome.WOVEN) - hooks.size(), "method", "methods") + " woven, "
                + report.count(Outcome.PASSED_OVER) + " passed over, "
                + counted(report.count(Outcome.REFUSED), "class", "classes") + " refused, "
                + counted(hooks.size(), "hook", "hooks")
                + (withHooks || hooks.isEmpty() ? "" : " (--hooks lists them)"));
        for (String rule : report.unmatched()) {
            out.println("matched nothing: " + DecisionText.printable(rule));
        }
        for (String method : report.nearMisses()) {
            out.println("looks protected but is not, because an override inherits no annotation: "
                    + DecisionText.printable(method));
        }
        for (String method : report.shared()) {
            out.println(
                    "stored calls wait while more than one such object exists, because a call does not tell on which"
                            + " it was made: " + DecisionText.printable(method));
        }
        for (String type : report.missing()) {
            out.println("class file missing, so rules can't match through this type: " + DecisionText.printable(type));
        }
        out.flush();
    }

    private static String counted(long number, String one, String more) {
        return number + " " + (number == 1 ? one : more);
    }

    private static boolean isHook(Report.Found found) {
        WeavingDecision decision = found.decision();
        return decision.outcome() == Outcome.WOVEN && decision.rules().isEmpty();
    }

    private static void write(Report report, List<Report.Found> all, PrintWriter out) {
        String where = "";
        for (Report.Found found : all) {
            if (!found.where().equals(where)) {
                where = found.where();
                out.println(DecisionText.printable(where.equals(".") ? report.application() : where));
            }
            out.println("  " + DecisionText.line(found.decision()));
        }
    }
}
