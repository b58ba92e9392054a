package io.floodlock.runtime.key;

import java.util.List;

/** Follows paths through a method's declared types before any of its classes is loaded. */
public interface DeclaredPaths {

    /** Where nothing is known. */
    DeclaredPaths UNKNOWN = (parameter, steps, each, text) -> null;

    /**
     * @param parameter its index, -1 for the instance
     * @param each which of the steps stands for every element; -1 for none
     * @param text of the path
     * @return why the path can't be followed, or its value can't be a part of a key, in words that follow the path; null where it
     *     can, and where the types leave it open
     */
    String refusal(int parameter, List<String> steps, int each, String text);
}
