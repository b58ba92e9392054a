package io.floodlock.processor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/**
 * Checks methods with {@link io.floodlock.Queued} while they are compiled, and writes down which messages they take.
 * What it refuses, the agent refuses too, when the class loads or when the method is first called. Nothing depends on
 * this processor: an application that is compiled without it runs as well.
 *
 * <p>Where it ends: methods of local and anonymous classes are not shown to processors. Class files do
 * not keep {@code @SuppressWarnings}, so an incremental build may repeat a suppressed warning about a class that it does
 * not compile.
 */
@SupportedAnnotationTypes("*")
public final class FloodlockProcessor extends AbstractProcessor {

    /** Names, since an element of one round is not valid in the next. */
    private final Set<String> classes = new TreeSet<>();

    /** Called by the compiler. */
    public FloodlockProcessor() {}

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    /** Waits for the last round, in which the classes that other processors generate are known. */
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            if (FloodlockRule.carries(annotation, FloodlockRule.QUEUED)
                    || FloodlockRule.carries(annotation, FloodlockRule.DISTRIBUTED_TX)) {
                for (ExecutableElement method : ElementFilter.methodsIn(round.getElementsAnnotatedWith(annotation))) {
                    classes.add(((TypeElement) method.getEnclosingElement())
                            .getQualifiedName()
                            .toString());
                }
            }
        }
        if (round.processingOver() && !round.errorRaised()) {
            finish();
        }
        return false;
    }

    private void finish() {
        TypeModel model = new TypeModel(processingEnv.getElementUtils(), processingEnv.getTypeUtils());
        Problems problems = new Problems(processingEnv.getMessager());
        check(model, problems);
    }

    private void check(TypeModel model, Problems problems) {
        QueuedMethodCheck check = new QueuedMethodCheck(model, problems);
        WireNames names = new WireNames(problems);
        for (String name : classes) {
            TypeElement type = processingEnv.getElementUtils().getTypeElement(name);
            if (type == null) {
                continue;
            }
            for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
                List<FloodlockRule> rules = FloodlockRule.of(method, FloodlockRule.QUEUED);
                if (rules.isEmpty()) {
                    FloodlockRule.of(method, FloodlockRule.DISTRIBUTED_TX)
                            .forEach(rule -> check.checkTransactional(method, rule));
                    continue;
                }
                if (rules.size() > 1) {
                    problems.error(
                            method,
                            rules.get(1),
                            rules.get(1).title()
                                    + " is a second @Queued, but a method can have only one: keep one of them");
                }
                QueuedMethod one = QueuedMethod.of(method, rules.get(0), model);
                check.check(one);
                names.check(one);
            }
        }
    }
}
