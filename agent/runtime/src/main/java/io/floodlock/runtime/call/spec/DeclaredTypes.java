package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.key.DeclaredPaths;
import java.util.List;

/**
 * Checks the declared types of one method before any of these types is loaded: the paths of its keys, and the arguments
 * that a stored call would contain. The weaver implements it on class files; {@link CallPlan} uses it.
 */
public interface DeclaredTypes extends DeclaredPaths {

    /** Accepts everything: for a method whose types are not known, or whose types have been checked before. */
    DeclaredTypes UNKNOWN = new DeclaredTypes() {
        @Override
        public String refusal(int parameter, List<String> steps, int each, String text) {
            return null;
        }

        @Override
        public String payload(int parameter) {
            return null;
        }
    };

    /**
     * Why values of that parameter can't be stored in a call. Null if they can be stored, or if the declared types
     * leave it open.
     */
    String payload(int parameter);
}
