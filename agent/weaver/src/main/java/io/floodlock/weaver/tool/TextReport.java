package io.floodlock.weaver.tool;

import io.floodlock.weaver.explain.Decision.Outcome;
import io.floodlock.weaver.explain.DecisionText;
import java.io.PrintWriter;

/** A report for people. */
final class TextReport {

    private TextReport() {}

    static void write(Report report, PrintWriter out) {
        String where = "";
        for (Report.Found found : report.found()) {
            if (!found.where().equals(where)) {
                where = found.where();
                out.println(DecisionText.printable(where.equals(".") ? report.application() : where));
            }
            out.println("  " + DecisionText.line(found.decision()));
        }
        out.println(report.classes() + " classes: " + report.count(Outcome.WOVEN) + " methods woven, "
                + report.count(Outcome.PASSED_OVER) + " passed over, " + report.count(Outcome.REFUSED)
                + " classes refused");
        for (String rule : report.unmatched()) {
            out.println("matched nothing: " + DecisionText.printable(rule));
        }
        for (String type : report.missing()) {
            out.println("missing, so rules can't match through it: " + DecisionText.printable(type));
        }
        out.flush();
    }
}
