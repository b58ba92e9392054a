package io.floodlock.weaver.tool;

import io.floodlock.weaver.JavaModules;
import io.floodlock.weaver.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command-line tool that {@code java -jar floodlock-agent.jar} runs, on the agent's own class loader. */
@Command(
        name = "java -jar floodlock-agent.jar",
        description = "Floodlock's agent starts with an application: java -javaagent:floodlock-agent.jar ..."
                + " Its jar is also a tool:",
        versionProvider = Tool.Versions.class,
        subcommands = {CheckCommand.class, DdlCommand.class, ExplainCommand.class})
public final class Tool {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the versions of Floodlock and of the JDK.")
    private boolean version;

    private Tool() {}

    /** The version of this release and of the JDK. */
    static final class Versions implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"Floodlock " + Version.TEXT + ", JDK " + Runtime.version()};
        }
    }

    /**
     * Runs one command. The launcher calls this method by name.
     *
     * @return the exit status
     */
    public static int run(String[] arguments) {
        String missing = JavaModules.missingForTool();
        if (missing != null) {
            System.err.println(missing);
            return CommandLine.ExitCode.USAGE;
        }
        CommandLine line = new CommandLine(new Tool());
        return line.execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }
}
