package io.floodlock.weaver.rules;

import io.floodlock.runtime.call.spec.Kind;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a rules file in UTF-8, with one rule on each line. Empty lines and lines that start with {@code #} are
 * ignored:
 *
 * <pre>
 *   # kind: pointcut, then attributes
 *   pessimisticLock: execution(* com.shop.OrderService.place(..)) key=order:{0.id} waitTime=3s
 * </pre>
 *
 * <p>It uses {@code java.io}, because it runs before {@code main}, when the default FileSystem must stay untouched.
 */
public final class RuleFile {

    private RuleFile() {}

    /**
     * Reads all rules of the file.
     *
     * @throws IllegalArgumentException if the file can't be read, or with one line for each error in it: file, line,
     *     value and remedy
     */
    public static List<FileRule> read(String path) {
        File file = new File(path);
        List<FileRule> rules = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8))) {
            String line = in.readLine();
            for (int number = 1; line != null; number++) {
                String text = line.strip();
                if (number == 1 && text.startsWith("\uFEFF")) {
                    text = text.substring(1).strip();
                }
                if (!text.isEmpty() && !text.startsWith("#")) {
                    String origin = file.getName().concat(":").concat(Integer.toString(number));
                    try {
                        rules.add(RuleLine.parse(text, origin));
                    } catch (IllegalArgumentException e) {
                        wrong.add(e.getMessage());
                    }
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "floodlock.rules names '" + path + "', which can't be read: " + e.getMessage()
                            + "; it must be a text file of lines such as " + RuleLine.EXAMPLE,
                    e);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), wrong));
        }
        return rules;
    }

    /** The names of all kinds of rule: {@code sharedLock, pessimisticLock, queued, distributedTx}. */
    static String kinds() {
        StringBuilder names = new StringBuilder();
        for (Kind kind : Kind.values()) {
            names.append(names.isEmpty() ? "" : ", ").append(kind.ruleName());
        }
        return names.toString();
    }
}
