package io.floodlock.weaver.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final WeavingDecision WOVEN = new WeavingDecision(
            Outcome.WOVEN,
            "com.shop.Ürders",
            "place",
            "(Lcom/shop/Order;I)V",
            List.of(new Rule(Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("b")), "shop.rules:3")),
            List.of(Rule.annotation(Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("a")))),
            "");

    private static final Report REPORT = new Report(
            "app.jar",
            7,
            List.of(
                    new Report.Found(".", WOVEN),
                    new Report.Found(
                            "BOOT-INF/lib/a.jar",
                            WeavingDecision.ofClass(Outcome.REFUSED, "com.shop.Old", "too \"old\"."))),
            List.of("shop.rules:4: queued: execution(* no.Such.m(..))"),
            List.of("com.shop.Special.place() overrides the method of com.shop.Orders, which has @Queued"),
            List.of("com.shop.Mail.send() runs on objects of com.shop.Fast, com.shop.Slow"),
            Set.of("com.shop.Gone"));

    @Test
    void textGroupsByArchive() {
        StringWriter out = new StringWriter();
        TextReport.write(REPORT, false, new PrintWriter(out));
        assertEquals("""
                app.jar
                  woven com.shop.Ürders.place(com.shop.Order, int): lock exclusive "b" (shop.rules:3); instead of \
                lock exclusive "a" (@PessimisticLock)
                BOOT-INF/lib/a.jar
                  refused com.shop.Old: too "old".
                7 classes: 1 method woven, 0 passed over, 1 class refused, 0 hooks
                matched nothing: shop.rules:4: queued: execution(* no.Such.m(..))
                looks protected but is not, because an override inherits no annotation: com.shop.Special.place() \
                overrides the method of com.shop.Orders, which has @Queued
                stored calls wait while more than one such object exists, because a call does not tell on which it was \
                made: com.shop.Mail.send() runs on objects of com.shop.Fast, com.shop.Slow
                class file missing, so rules can't match through this type: com.shop.Gone
                """, out.toString());
    }

    @Test
    void textNamesHooksLast() {
        WeavingDecision hook = new WeavingDecision(
                Outcome.WOVEN, "com.shop.Pool", "getConnection", "()V", List.of(), List.of(), "hands out connections");
        StringWriter out = new StringWriter();
        Report report = new Report(
                "app.jar",
                2,
                List.of(new Report.Found(".", hook), new Report.Found(".", WOVEN)),
                List.of(),
                List.of(),
                List.of(),
                Set.of());
        TextReport.write(report, true, new PrintWriter(out));
        assertEquals("""
                app.jar
                  woven com.shop.Ürders.place(com.shop.Order, int): lock exclusive "b" (shop.rules:3); instead of \
                lock exclusive "a" (@PessimisticLock)
                hooks for the agent's own use, which do not change what a method does:
                app.jar
                  woven com.shop.Pool.getConnection(): hands out connections
                2 classes: 1 method woven, 0 passed over, 0 classes refused, 1 hook
                """, out.toString());

        StringWriter without = new StringWriter();
        TextReport.write(report, false, new PrintWriter(without));
        assertEquals("""
                app.jar
                  woven com.shop.Ürders.place(com.shop.Order, int): lock exclusive "b" (shop.rules:3); instead of \
                lock exclusive "a" (@PessimisticLock)
                2 classes: 1 method woven, 0 passed over, 0 classes refused, 1 hook (--hooks lists them)
                """, without.toString());
    }

    @Test
    void jsonHasStableFields() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonReport.write(REPORT, out);
        assertEquals("""
                {
                  "application" : "app.jar",
                  "fine" : false,
                  "classes" : 7,
                  "decisions" : [ {
                    "outcome" : "woven",
                    "where" : ".",
                    "class" : "com.shop.\\u00DCrders",
                    "method" : "place",
                    "parameters" : [ "com.shop.Order", "int" ],
                    "rules" : [ {
                      "kind" : "pessimisticLock",
                      "origin" : "shop.rules:3",
                      "attributes" : {
                        "key" : [ "b" ]
                      }
                    } ],
                    "overridden" : [ {
                      "kind" : "pessimisticLock",
                      "origin" : "@PessimisticLock",
                      "attributes" : {
                        "key" : [ "a" ]
                      }
                    } ],
                    "note" : ""
                  }, {
                    "outcome" : "refused",
                    "where" : "BOOT-INF/lib/a.jar",
                    "class" : "com.shop.Old",
                    "method" : "",
                    "parameters" : [ ],
                    "rules" : [ ],
                    "overridden" : [ ],
                    "note" : "too \\"old\\"."
                  } ],
                  "unmatchedRules" : [ "shop.rules:4: queued: execution(* no.Such.m(..))" ],
                  "nearMisses" : [ "com.shop.Special.place() overrides the method of com.shop.Orders, \
                which has @Queued" ],
                  "sharedTargets" : [ "com.shop.Mail.send() runs on objects of com.shop.Fast, com.shop.Slow" ],
                  "missingTypes" : [ "com.shop.Gone" ]
                }
                """, out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void isFineWithoutRefusalsAndUnmatchedRules() {
        assertFalse(REPORT.isFine());
        assertTrue(new Report(
                        "a", 1, List.of(new Report.Found(".", WOVEN)), List.of(), List.of("x"), List.of(), Set.of("x"))
                .isFine());
        assertFalse(new Report("a", 1, List.of(), List.of("shop.rules:1: queued: ..."), List.of(), List.of(), Set.of())
                .isFine());
    }
}
