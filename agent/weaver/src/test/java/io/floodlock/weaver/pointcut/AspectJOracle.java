package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.aspectj.bridge.IMessage;
import org.aspectj.bridge.IMessageHandler;
import org.aspectj.weaver.ResolvedMember;
import org.aspectj.weaver.ResolvedType;
import org.aspectj.weaver.UnresolvedType;
import org.aspectj.weaver.bcel.BcelWorld;
import org.aspectj.weaver.tools.PointcutParameter;
import org.aspectj.weaver.tools.StandardPointcutExpression;
import org.aspectj.weaver.tools.StandardPointcutParser;

/** What AspectJ itself says of pointcuts and class files, from its own world of types, which loads nothing either. */
final class AspectJOracle {

    private final BcelWorld world;
    private final StandardPointcutParser parser;

    AspectJOracle(ClassLoader loader) {
        world = new BcelWorld(loader, new Silent(), null);
        world.setBehaveInJava5Way(true);
        parser = StandardPointcutParser.getPointcutParserSupportingAllPrimitives(world);
    }

    StandardPointcutExpression parse(String pointcut) {
        // in the scope of a class of java.lang, so that nothing but java.lang is imported
        return parser.parsePointcutExpression(pointcut, Object.class, new PointcutParameter[0]);
    }

    /** The class as it is declared: by its name alone a generic one is its raw form, with methods half erased. */
    ResolvedType type(String name) {
        ResolvedType type = world.resolve(name);
        return type.isRawType() ? type.getGenericType() : type;
    }

    /** Places in the class file of the methods that match. */
    BitSet matches(StandardPointcutExpression pointcut, ResolvedType type) {
        BitSet matched = new BitSet();
        ResolvedMember[] methods = type.getDeclaredMethods();
        for (int i = 0; i < methods.length; i++) {
            if (!methods[i].getName().startsWith("<")
                    && pointcut.matchesMethodExecution(methods[i]).alwaysMatches()) {
                matched.set(i);
            }
        }
        return matched;
    }

    /** Places of the methods that name a type without a class file, which AspectJ never matches. */
    BitSet incomplete(ResolvedType type) {
        BitSet incomplete = new BitSet();
        ResolvedMember[] methods = type.getDeclaredMethods();
        for (int i = 0; i < methods.length; i++) {
            boolean missing = isMissing(methods[i].getReturnType());
            for (UnresolvedType parameter : methods[i].getParameterTypes()) {
                missing |= isMissing(parameter);
            }
            for (UnresolvedType thrown : methods[i].getExceptions()) {
                missing |= isMissing(thrown);
            }
            incomplete.set(i, missing);
        }
        return incomplete;
    }

    private boolean isMissing(UnresolvedType type) {
        ResolvedType resolved = world.resolve(type);
        while (resolved.isArray()) {
            resolved = resolved.getComponentType().resolve(world);
        }
        return resolved.isMissing();
    }

    /**
     * The first supertype without a class file, or with a type argument without one, at which AspectJ fails; null where there
     * is none.
     */
    static String missingParent(ResolvedType type) {
        List<ResolvedType> open = new ArrayList<>(List.of(type));
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).isMissing()) {
                return open.get(i).getName();
            }
            try {
                if (Arrays.asList(open.get(i).getDeclaredMethods()).contains(null)) {
                    return "an argument of " + open.get(i).getName();
                }
            } catch (IllegalStateException missing) {
                return "an argument of " + open.get(i).getName();
            }
            for (Iterator<ResolvedType> parents = open.get(i).getDirectSupertypes(); parents.hasNext(); ) {
                ResolvedType parent = parents.next();
                if (!open.contains(parent)) {
                    open.add(parent);
                }
            }
        }
        return null;
    }

    private static final class Silent implements IMessageHandler {

        @Override
        public boolean handleMessage(IMessage message) {
            return true;
        }

        @Override
        public boolean isIgnoring(IMessage.Kind kind) {
            return true;
        }

        @Override
        public void dontIgnore(IMessage.Kind kind) {
            // nothing is shown
        }

        @Override
        public void ignore(IMessage.Kind kind) {
            // nothing is shown
        }
    }
}
