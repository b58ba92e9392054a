package io.floodlock.examples.bench.weave;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aspectj.bridge.IMessageHandler;
import org.aspectj.weaver.ResolvedMember;
import org.aspectj.weaver.ResolvedType;
import org.aspectj.weaver.bcel.BcelWorld;
import org.aspectj.weaver.internal.tools.StandardPointcutExpressionImpl;
import org.aspectj.weaver.patterns.FastMatchInfo;
import org.aspectj.weaver.tools.StandardPointcutParser;

/**
 * AspectJ's own matching of class files that are not loaded, as its load-time weaver does it: first the type, then
 * its methods.
 */
final class AspectjMatching {

    private final BcelWorld world;
    private final List<StandardPointcutExpressionImpl> pointcuts = new ArrayList<>();

    AspectjMatching(ClassLoader loader, List<String> pointcuts) {
        IMessageHandler silent = new Silent();
        world = new BcelWorld(loader, silent, null);
        StandardPointcutParser parser = StandardPointcutParser.getPointcutParserSupportingAllPrimitives(world);
        for (String text : pointcuts) {
            this.pointcuts.add((StandardPointcutExpressionImpl) parser.parsePointcutExpression(text));
        }
    }

    /** The number of matched methods; a method counts once per pointcut that matches it. */
    int match(Map<String, byte[]> classes) {
        int hits = 0;
        for (Map.Entry<String, byte[]> one : classes.entrySet()) {
            ResolvedType type = world.addSourceObjectType(one.getKey().replace('/', '.'), one.getValue(), false)
                    .getResolvedTypeX();
            FastMatchInfo info = new FastMatchInfo(type, null, world);
            ResolvedMember[] methods = null;
            for (StandardPointcutExpressionImpl pointcut : pointcuts) {
                if (!pointcut.getUnderlyingPointcut().fastMatch(info).maybeTrue()) {
                    continue;
                }
                if (methods == null) {
                    methods = type.getDeclaredMethods();
                }
                for (ResolvedMember method : methods) {
                    if (!method.getName().startsWith("<")
                            && pointcut.matchesMethodExecution(method).alwaysMatches()) {
                        hits++;
                    }
                }
            }
        }
        return hits;
    }

    /** Suppresses messages: most rules name types that are absent. */
    private static final class Silent implements IMessageHandler {

        @Override
        public boolean handleMessage(org.aspectj.bridge.IMessage message) {
            return true;
        }

        @Override
        public boolean isIgnoring(org.aspectj.bridge.IMessage.Kind kind) {
            return true;
        }

        @Override
        public void dontIgnore(org.aspectj.bridge.IMessage.Kind kind) {
            // nothing is shown
        }

        @Override
        public void ignore(org.aspectj.bridge.IMessage.Kind kind) {
            // nothing is shown
        }
    }
}
