package io.floodlock.weaver.tool;

import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.io.PrintWriter;
import java.util.List;

/** A report for people: first what asks for protection, then, if wanted, what the agent weaves for itself. */
final class TextReport {

    private TextReport() {}

    /** @param withHooks whether each hook is a line too, rather than only counted */
    static void write(Report report, boolean withHooks, PrintWriter out) {
        List<Report.Found> hooks =
                report.found().stream().filter(TextReport::isHook).toList();
        List<Report.Found> asking =
                report.found().stream().filter(found -> !isHook(found)).toList();
        write(report, asking, out);
        if (withHooks && !hooks.isEmpty()) {
            out.println("hooks of the agent's own, which leave what a method does as it is:");
            write(report, hooks, out);
        }
        out.println(report.classes() + " classes: " + (report.count(Outcome.WOVEN) - hooks.size()) + " methods woven, "
                + report.count(Outcome.PASSED_OVER) + " passed over, " + report.count(Outcome.REFUSED)
                + " classes refused, " + hooks.size() + " hooks"
                + (withHooks || hooks.isEmpty() ? "" : " (--hooks names them)"));
        for (String rule : report.unmatched()) {
            out.println("matched nothing: " + DecisionText.printable(rule));
        }
        for (String method : report.nearMisses()) {
            out.println("looks protected and is not, as an override inherits no annotation: "
                    + DecisionText.printable(method));
        }
        for (String type : report.missing()) {
            out.println("missing, so rules can't match through it: " + DecisionText.printable(type));
        }
        out.flush();
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
