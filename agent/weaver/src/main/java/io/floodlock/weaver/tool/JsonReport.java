package io.floodlock.weaver.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.WeavingDecision;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a {@link Report} for programs: one JSON object, in ASCII. Its fields are stable; new ones may be added. */
final class JsonReport {

    private final JsonGenerator json;

    private JsonReport(JsonGenerator json) {
        this.json = json;
    }

    static void write(Report report, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            new JsonReport(json).write(report);
            json.writeRaw(System.lineSeparator());
        }
    }

    private void write(Report report) throws IOException {
        json.writeStartObject();
        json.writeStringField("application", report.application());
        json.writeBooleanField("fine", report.isFine());
        json.writeNumberField("classes", report.classes());
        json.writeArrayFieldStart("decisions");
        for (Report.Found found : report.found()) {
            write(found);
        }
        json.writeEndArray();
        texts("unmatchedRules", report.unmatched());
        texts("nearMisses", report.nearMisses());
        texts("sharedTargets", report.shared());
        texts("missingTypes", report.missing());
        json.writeEndObject();
    }

    private void write(Report.Found found) throws IOException {
        WeavingDecision decision = found.decision();
        json.writeStartObject();
        json.writeStringField("outcome", outcome(decision.outcome()));
        json.writeStringField("where", found.where());
        json.writeStringField("class", decision.type());
        json.writeStringField("method", decision.method());
        texts("parameters", DecisionText.parameters(decision));
        rules("rules", decision.rules());
        rules("overridden", decision.overridden());
        json.writeStringField("note", decision.note());
        json.writeEndObject();
    }

    private static String outcome(WeavingDecision.Outcome outcome) {
        return switch (outcome) {
            case WOVEN -> "woven";
            case PASSED_OVER -> "passedOver";
            case REFUSED -> "refused";
            case UNPROTECTED -> "unprotected";
        };
    }

    private void rules(String field, List<Rule> rules) throws IOException {
        json.writeArrayFieldStart(field);
        for (Rule rule : rules) {
            json.writeStartObject();
            json.writeStringField("kind", rule.kind().ruleName());
            json.writeStringField("origin", rule.origin());
            json.writeObjectFieldStart("attributes");
            for (Map.Entry<String, List<String>> attribute : new TreeMap<>(rule.attributes()).entrySet()) {
                texts(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void texts(String field, Collection<String> texts) throws IOException {
        Json.texts(json, field, texts);
    }
}
