package io.floodlock.weaver.tool;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code java -jar floodlock-agent.jar} runs, on the agent's own class loader. */
@Command(
        name = "java -jar floodlock-agent.jar",
        description = "Floodlock's agent is started with an application: java -javaagent:floodlock-agent.jar ..."
                + " Its jar is also a tool:",
        subcommands = {CheckCommand.class, DdlCommand.class, ExplainCommand.class})
public final class Tool {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    private boolean help;

    private Tool() {}

    /**
     * Called by the launcher, by name.
     *
     * @return the exit status
     */
    public static int run(String[] arguments) {
        CommandLine line = new CommandLine(new Tool());
        return line.execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }
}
