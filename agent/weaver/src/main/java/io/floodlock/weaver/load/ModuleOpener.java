package io.floodlock.weaver.load;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/** Opens the package of a class to the agent's own module, like {@code --add-opens}. */
final class ModuleOpener {

    private ModuleOpener() {}

    static void open(Instrumentation instrumentation, Class<?> type) {
        Module module = type.getModule();
        Module own = ModuleOpener.class.getModule();
        if (!module.isOpen(type.getPackageName(), own)) {
            instrumentation.redefineModule(
                    module, Set.of(), Map.of(), Map.of(type.getPackageName(), Set.of(own)), Set.of(), Map.of());
        }
    }
}
