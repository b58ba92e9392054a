package io.floodlock.runtime.key;

import java.util.List;

/**
 * Resolves paths through the declared types of a method before any of its classes is loaded. The weaver implements it
 * on class files; {@link KeyTemplate#check} calls it.
 */
public interface DeclaredPaths {

    /** For methods whose types are unknown: refuses nothing. */
    DeclaredPaths UNKNOWN = (parameter, steps, each, text) -> null;

    /**
     * @param parameter its index, -1 for the instance
     * @param each index of the step that stands for every element; -1 if there is none
     * @param text the text of the path
     * @return the reason why the path can't be resolved, or why its value can't be part of a key, in words that
     *     continue the path's text; null if it can, or if the declared types do not show it
     */
    String refusal(int parameter, List<String> steps, int each, String text);
}
