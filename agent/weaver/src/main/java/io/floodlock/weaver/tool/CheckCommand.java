package io.floodlock.weaver.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import io.floodlock.runtime.config.BadSettingException;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.config.SettingsLoader;
import io.floodlock.runtime.tool.Check;
import io.floodlock.runtime.tool.DatabaseChecks;
import io.floodlock.runtime.tool.RedisChecks;
import io.floodlock.weaver.explain.DecisionText;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code check}: checks the Redis and the databases that an application would use, before it starts. It
 * changes nothing in them. {@code RedisChecks} and {@code DatabaseChecks} contain the checks.
 */
@Command(
        name = "check",
        description =
                "Checks whether Redis and the databases are set up for Floodlock, and prints what to change if not."
                        + " The settings are read as the agent reads them: system properties"
                        + " (java -Dfloodlock.redis=... -jar ...), environment, file.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:nothing to fix",
            "1:something to fix",
            "2:the command or the configuration can't be read, or a JDBC driver is missing; other results are printed"
        })
final class CheckCommand implements Callable<Integer> {

    private static final String PASSWORD = "JDBC_PASSWORD";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    @Option(names = "--config", paramLabel = "FILE", description = "A properties file, as for floodlock.config.")
    private String config;

    @Option(names = "--no-redis", description = "Check the databases only.")
    private boolean noRedis;

    @Option(names = "--jdbc", paramLabel = "URL", description = "A database to check; may be repeated.")
    private List<String> databases = List.of();

    @Option(names = "--user", paramLabel = "NAME", description = "The application's user in the databases.")
    private String user;

    @Option(
            names = "--password",
            description = "Ask for the user's password. Otherwise it is read from the environment, JDBC_PASSWORD.")
    private boolean prompt;

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            description = "The JDBC drivers: jars, WARs, Spring Boot jars or folders, separated as in a class path.")
    private String classPath;

    @Option(
            names = "--strict",
            description = "Count notes, which matter only if a certain feature is used, as something to fix.")
    private boolean strict;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Check> checks = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        Settings settings;
        try {
            settings = settings();
        } catch (BadSettingException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (!noRedis) {
            checks.addAll(RedisChecks.of(settings));
        }
        try {
            checkDatabases(checks, unreadable);
        } catch (UnreadableException e) {
            unreadable.add(e.getMessage());
        }
        boolean fine = checks.stream().noneMatch(this::isToMend);
        if (json) {
            writeJson(checks, fine && unreadable.isEmpty());
        } else {
            writeText(checks);
        }
        if (!unreadable.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join(System.lineSeparator(), unreadable));
        }
        return fine ? 0 : 1;
    }

    private boolean isToMend(Check check) {
        return check.state() == Check.State.FINDING || strict && check.state() == Check.State.NOTE;
    }

    private Settings settings() {
        Properties properties = new Properties();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.setProperty(name, System.getProperty(name));
        }
        if (config != null) {
            properties.setProperty("floodlock.config", config);
        }
        SettingsLoader loader = SettingsLoader.collect(properties, System.getenv(), null);
        loader.warnings().forEach(spec.commandLine().getErr()::println);
        return loader.settings();
    }

    private void checkDatabases(List<Check> checks, List<String> unreadable) throws IOException {
        if (databases.isEmpty()) {
            return;
        }
        Properties login = login();
        List<Path> entries = classPath == null
                ? List.of()
                : Arrays.stream(classPath.split(File.pathSeparator))
                        .map(Path::of)
                        .toList();
        try (Drivers drivers = new Drivers(entries)) {
            for (String url : databases) {
                Driver driver;
                try {
                    driver = drivers.forUrl(url);
                } catch (UnreadableException missing) {
                    unreadable.add(missing.getMessage());
                    continue;
                }
                try (Connection connection = driver.connect(url, login)) {
                    checks.addAll(DatabaseChecks.of(connection, databases.size() == 1));
                } catch (SQLException e) {
                    checks.add(DatabaseChecks.unreachable(url, e));
                }
            }
        }
    }

    private Properties login() throws UnreadableException {
        Properties login = new Properties();
        if (user != null) {
            login.setProperty("user", user);
        }
        String password = System.getenv(PASSWORD);
        if (prompt) {
            Console console = System.console();
            if (console == null) {
                throw new UnreadableException(
                        "--password needs a terminal; set the environment variable " + PASSWORD + " instead");
            }
            password = new String(console.readPassword("Password%s: ", user == null ? "" : " of " + user));
        }
        if (password != null) {
            login.setProperty("password", password);
        }
        return login;
    }

    private void writeText(List<Check> checks) {
        PrintWriter out = spec.commandLine().getOut();
        int width =
                checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        String subject = "";
        int findings = 0;
        for (Check check : checks) {
            if (!check.subject().equals(subject)) {
                subject = check.subject();
                out.println(DecisionText.printable(subject));
            }
            findings += isToMend(check) ? 1 : 0;
            String state = switch (check.state()) {
                case FINE -> "ok  ";
                case NOTE -> "note";
                case FINDING -> "FIX ";
                case UNKNOWN -> "?   ";
            };
            out.println("  " + state + "  " + check.name()
                    + " ".repeat(width - check.name().length()) + "  " + DecisionText.printable(check.value()));
            if (!check.remedy().isEmpty()) {
                out.println("        " + DecisionText.printable(check.remedy()));
            }
        }
        out.println(checks.size() + " checked, " + findings + " to fix");
        out.flush();
    }

    private static void writeJson(List<Check> checks, boolean fine) throws IOException {
        try (JsonGenerator out = Json.generator(System.out)) {
            out.writeStartObject();
            out.writeBooleanField("fine", fine);
            out.writeArrayFieldStart("checks");
            for (Check check : checks) {
                out.writeStartObject();
                out.writeStringField("subject", check.subject());
                out.writeStringField("name", check.name());
                out.writeStringField(
                        "state",
                        switch (check.state()) {
                            case FINE -> "fine";
                            case NOTE -> "note";
                            case FINDING -> "finding";
                            case UNKNOWN -> "unknown";
                        });
                out.writeStringField("value", check.value());
                out.writeStringField("remedy", check.remedy());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeRaw(System.lineSeparator());
        }
    }
}
