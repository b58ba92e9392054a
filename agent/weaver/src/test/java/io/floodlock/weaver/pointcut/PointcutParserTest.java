package io.floodlock.weaver.pointcut;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is refused, though AspectJ's parser takes most of it, and what the message advises. */
class PointcutParserTest {

    @Test
    void onlyWhatDecidesAboutABodyAsItsClassLoads() {
        for (String pointcut : new String[] {
            "call(* com.shop.Orders.place(..))",
            "get(* com.shop.Orders.total)",
            "set(* com.shop.Orders.total)",
            "args(String)",
            "this(com.shop.Orders)",
            "target(com.shop.Orders)",
            "cflow(execution(* com.shop.Orders.place(..)))",
            "cflowbelow(execution(* com.shop.Orders.place(..)))",
            "withincode(* com.shop.Orders.place(..))",
            "@args(com.shop.Audited)",
            "@this(com.shop.Audited)",
            "@target(com.shop.Audited)",
            "@withincode(com.shop.Audited)",
            "if(true)",
            "handler(java.io.IOException)",
            "staticinitialization(com.shop.Orders)",
            "adviceexecution()",
            "com.shop.Pointcuts.orders()",
            "bean(orders)",
        }) {
            refused("use execution, within, @annotation and @within", pointcut);
            refused("use execution, within, @annotation and @within", "within(com.shop..*) && !" + pointcut);
        }
        refused("which can't be woven; name the method that calls it", "execution(com.shop.Orders.new(..))");
    }

    @Test
    void noGenericsNoAnnotationsInPatterns() {
        refused("omit them", "execution(* com.shop.Repository<com.shop.Order>.save(..))");
        refused("omit them", "execution(* com.shop.Orders.place(java.util.List<String>))");
        refused("write execution(..) && @annotation", "execution(@com.shop.Audited * *(..))");
        refused("has an annotation in a type pattern", "within(@com.shop.Audited *)");
        refused("has an annotation in a type pattern", "execution(* (@com.shop.Audited com.shop.*).place(..))");
        refused("only the annotation's name is supported", "@annotation(com.shop.Audited(level))");
        refused("not supported", "within(is(EnumType))");
    }

    @Test
    void namesAreQualified() {
        refused("'Orders'; write com.shop.Orders, or *..Orders", "execution(* Orders.place(..))");
        refused("without its package", "execution(Order *(..))");
        refused("without its package", "execution(* *(Order.Line))");
        refused("without its package", "within(*Service)");
        refused("without its package", "execution(* *(*[]))");
        refused("without its package", "@annotation(Audited)");
        for (String pointcut : new String[] {
            "execution(void *(int, String, Object[], Thread.State, long...))",
            "@annotation(Deprecated)",
            "within(*..*Service)",
            "execution(* place(..))",
        }) {
            assertNotNull(PointcutParser.parse(pointcut));
        }
    }

    @Test
    void whatAspectJReadsOtherwiseThanItLooks() {
        refused("write it after each name", "execution(* (com.shop.A || com.shop.B)+.*(..))");
        refused("negate full names", "execution(!java..* com.shop.*.*(..))");
        refused("negate full names", "execution(* *((!*..Order && com.shop..*)))");
    }

    @Test
    void whatIsNoPointcut() {
        for (String text : new String[] {
            "",
            "execution",
            "execution(",
            "execution(place)",
            "execution(* *(..)) within(a.b)",
            "execution(* *(..)) &&",
            "(("
        }) {
            refused("is not a pointcut", text);
        }
    }

    private static void refused(String says, String pointcut) {
        var e = assertThrows(BadPointcutException.class, () -> PointcutParser.parse(pointcut), pointcut);
        assertTrue(e.getMessage().contains(says), pointcut + " " + e.getMessage());
    }
}
