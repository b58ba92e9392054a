package io.floodlock.weaver.tool;

import io.floodlock.weaver.OfflineWeaver;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code explain}: reports what the agent would weave in an application, without starting it.
 * {@link OfflineWeaver} makes the same decisions as a running agent.
 */
@Command(
        name = "explain",
        description = "Prints what the agent would weave in an application, and why similar methods are not woven.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:everything that asks for protection gets it",
            "1:a class would be refused, or a rule matches nothing",
            "2:the command or the application can't be read"
        })
final class ExplainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "APPLICATION",
            description = "A jar, a Spring Boot jar, a WAR, or a folder of classes or jars. It is not started.")
    private Path path;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    @Option(names = "--rules", paramLabel = "FILE", description = "A rules file, as for floodlock.rules.")
    private String rules;

    @Option(names = "--hooks", description = "Also print the hooks that the agent weaves for its own use.")
    private boolean hooks;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Report report;
        try {
            report = explain(Application.read(path, Limits.USUAL));
        } catch (UnreadableException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new ParameterException(
                    spec.commandLine(), path + " needs more memory: java -Xmx2g -jar floodlock-agent.jar explain ...");
        }
        if (json) {
            JsonReport.write(report, System.out);
        } else {
            TextReport.write(report, hooks, spec.commandLine().getOut());
        }
        return report.isFine() ? 0 : 1;
    }

    private Report explain(Application application) {
        List<Report.Found> found = new ArrayList<>();
        // a set, because a refused class is examined twice, to know whether it asks for protection
        Set<WeavingDecision> decisions = new LinkedHashSet<>();
        OfflineWeaver weaver = rules == null
                ? OfflineWeaver.withoutRules(decisions::add)
                : OfflineWeaver.withRules(decisions::add, rules);
        ArchiveLoader loader = new ArchiveLoader(application);
        for (ClassFile file : application.classes()) {
            if (file.defect().isEmpty()) {
                weaver.decide(loader, file.name(), file.bytes());
            } else {
                decisions.add(
                        WeavingDecision.ofClass(Outcome.REFUSED, file.name().replace('/', '.'), file.defect()));
            }
            for (WeavingDecision decision : decisions) {
                found.add(new Report.Found(file.where(), decision));
            }
            decisions.clear();
        }
        List<WeavingDecision> all = found.stream().map(Report.Found::decision).toList();
        List<String> nearMisses = NearMisses.in(application.classes(), all);
        List<String> shared = SharedTargets.in(application.classes(), all);
        Set<String> missing = loader.missing();
        missing.removeAll(weaver.missingAnnotations());
        return new Report(
                path.toString(),
                application.classes().size(),
                found,
                weaver.unmatchedRules(),
                nearMisses,
                shared,
                missing);
    }
}
