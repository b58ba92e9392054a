package io.floodlock.processor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.tools.StandardLocation;

/**
 * Checks methods with {@link io.floodlock.Queued} while they are compiled, and writes down which messages they take.
 * What it refuses, the agent refuses too, when the class loads or when the method is first called. Nothing depends on
 * this processor: an application that is compiled without it runs as well.
 *
 * <p>It writes two files beside the classes, and only if a method is queued and no error was found:
 *
 * <ul>
 *   <li>{@code META-INF/floodlock/queued}: the binary names of the classes that declare queued methods, one a line,
 *       sorted.
 *   <li>{@code META-INF/floodlock/messages}: each queued method with the structure of its parameters and of its result,
 *       as the codec sees them.
 * </ul>
 *
 * <p>Option {@code floodlock.released}: the path of a {@code messages} file of an earlier release. A change that stored
 * calls of that release could not survive is then an error.
 *
 * <p>Where it ends: methods of local and anonymous classes are not shown to processors. A compilation of single files,
 * as some IDEs do it, writes these files for these sources only. Class files do not keep {@code @SuppressWarnings}, so
 * an incremental build may repeat a suppressed warning about a class that it does not compile.
 */
@SupportedAnnotationTypes("*")
@SupportedOptions(FloodlockProcessor.RELEASED)
public final class FloodlockProcessor extends AbstractProcessor {

    static final String RELEASED = "floodlock.released";
    static final String INDEX = "META-INF/floodlock/queued";
    static final String MESSAGES = "META-INF/floodlock/messages";

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
        List<QueuedElement> methods = check(model, problems);
        if (problems.found()) {
            return;
        }
        MessageManifest manifest = new ManifestBuilder(model).build(methods);
        String released = processingEnv.getOptions().get(RELEASED);
        if (released != null) {
            new ReleasedCheck(problems, methods).check(Path.of(released), manifest);
        }
        if (!methods.isEmpty() && !problems.found()) {
            Set<String> owners = new TreeSet<>();
            methods.forEach(method -> owners.add(method.owner()));
            write(INDEX, String.join("\n", owners) + "\n", methods, problems);
            write(MESSAGES, ManifestText.write(manifest), methods, problems);
        }
    }

    private List<QueuedElement> check(TypeModel model, Problems problems) {
        QueuedMethodCheck check = new QueuedMethodCheck(model, problems);
        WireNames names = new WireNames(problems);
        List<QueuedElement> queued = new ArrayList<>();
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
                QueuedElement one = QueuedElement.of(method, rules.get(0), model);
                check.check(one);
                names.check(one);
                queued.add(one);
            }
        }
        return queued;
    }

    private void write(String name, String text, List<QueuedElement> methods, Problems problems) {
        Element[] origins = methods.stream()
                .map(method -> method.element().getEnclosingElement())
                .distinct()
                .toArray(Element[]::new);
        // bytes, because a writer's charset is that of the sources
        try (OutputStream out = processingEnv
                .getFiler()
                .createResource(StandardLocation.CLASS_OUTPUT, "", name, origins)
                .openOutputStream()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            problems.error(name + " can't be written: " + e + "; make the folder of the classes writable");
        }
    }
}
