package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.key.DeclaredPaths;
import java.util.List;

/** What the class files of a method's declared types tell, before any of them is loaded. */
public interface DeclaredTypes extends DeclaredPaths {

    /** For a method of whose types nothing is known, or that have been looked at before. */
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

    /** Why values of that parameter can't travel in a stored call; null where they can, and where the types leave it open. */
    String payload(int parameter);
}
