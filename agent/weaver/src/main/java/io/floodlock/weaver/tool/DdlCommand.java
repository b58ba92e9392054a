package io.floodlock.weaver.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import io.floodlock.runtime.tool.Ddl;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code ddl}: prints the statements that create Floodlock's tables. It is for installations in which the
 * application's role may not create tables, so that an administrator does.
 */
@Command(
        name = "ddl",
        description = "Prints the statements that create Floodlock's tables, as the agent would run them.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:printed", "2:the command can't be read"})
final class DdlCommand implements Callable<Integer> {

    /** The supported databases. MariaDB may also be called MySQL, from which it descends. */
    enum Product {
        postgresql,
        mysql,
        mariadb
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATABASE", description = "One of ${COMPLETION-CANDIDATES}.")
    private Product product;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Also print the grants for the application's role; for MariaDB, user@host.")
    private String role;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<String> statements = new ArrayList<>(Ddl.statements(product.name()));
        if (role != null) {
            statements.addAll(Ddl.grants(product.name(), role));
        }
        if (json) {
            try (JsonGenerator out = Json.generator(System.out)) {
                out.writeStartObject();
                out.writeStringField("database", product.name());
                Json.texts(out, "statements", statements);
                out.writeEndObject();
                out.writeRaw(System.lineSeparator());
            }
        } else {
            PrintWriter out = spec.commandLine().getOut();
            statements.forEach(statement -> out.println(statement + ";"));
            out.flush();
        }
        return 0;
    }
}
