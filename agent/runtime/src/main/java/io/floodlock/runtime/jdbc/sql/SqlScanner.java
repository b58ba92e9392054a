package io.floodlock.runtime.jdbc.sql;

import java.util.List;
import java.util.Locale;

/** Reads the words of a statement's text, and skips literals, quoted names and comments. Used once for each text. */
final class SqlScanner {

    private final String text;
    private int at;
    private boolean unsure;

    private String verb = "";
    private boolean plainRead = true;
    private boolean writes;
    private String ending;
    private boolean commits;
    private boolean setsTransaction;
    private boolean doesMore;

    /** The first two words since the last semicolon; empty if not read yet. */
    private String first = "";

    private String second = "";
    private boolean rollbackToSavepoint;

    /** The previous word; empty after a semicolon or a quoted name. */
    private String last = "";

    /** How many ENDs the body of a function still needs. */
    private int bodyDepth;

    private Sql.Session session = Sql.Session.STAYS;
    private boolean namesSettings;
    private boolean savepoints;
    private boolean afterInto;

    SqlScanner(String text) {
        this.text = text;
    }

    Sql scan() {
        while (at < text.length()) {
            step(text.charAt(at));
        }
        // a body without its END: what counted as part of it may be separate statements
        unsure |= bodyDepth > 0;
        endPart();
        boolean read = plainRead && !verb.isEmpty() && !unsure;
        return new Sql(
                verb.isEmpty() ? "statement" : verb,
                read,
                writes || unsure,
                ending,
                commits,
                setsTransaction,
                unsure,
                savepoints,
                unsure ? session.or(Sql.Session.MAY_CHANGE) : session,
                namesSettings ? SettingNames.in(text) : List.of());
    }

    private void step(char c) {
        if (c == '\'') {
            literal();
        } else if (c == '"') {
            quoted();
        } else if (c == '$') {
            dollar();
        } else if (c == '-' && next('-')) {
            line();
        } else if (c == '/' && next('*')) {
            comment();
        } else if (c == ';') {
            if (bodyDepth == 0) {
                endPart();
            }
            last = "";
            at++;
        } else if (Character.isJavaIdentifierStart(c)) {
            word();
        } else if (Character.isDigit(c)) {
            number();
        } else {
            at++;
        }
    }

    private boolean next(char c) {
        return at + 1 < text.length() && text.charAt(at + 1) == c;
    }

    private void literal() {
        boolean escapes = at > 0
                && (text.charAt(at - 1) == 'e' || text.charAt(at - 1) == 'E')
                && (at < 2 || !Character.isJavaIdentifierPart(text.charAt(at - 2)));
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                // whether it escapes the next quote depends on a setting of the session
                if (escapes) {
                    at++;
                } else {
                    unsure = true;
                }
            } else if (c == '\'') {
                if (at >= text.length() || text.charAt(at) != '\'') {
                    return;
                }
                at++;
            }
        }
        unsure = true;
    }

    private void quoted() {
        int end = text.indexOf('"', at + 1);
        if (end < 0) {
            unsure = true;
            at = text.length();
            return;
        }
        at = end + 1;
        last = "";
        if (first.isEmpty()) {
            first = "\"";
        }
        if (followedByParenthesis()) {
            plainRead = false;
            calls("");
        }
        afterInto &= at < text.length() && text.charAt(at) == '.';
    }

    private void dollar() {
        int end = at + 1;
        while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end)) && text.charAt(end) != '$') {
            end++;
        }
        boolean parameter = end > at + 1 && Character.isDigit(text.charAt(at + 1));
        if (parameter || end >= text.length() || text.charAt(end) != '$') {
            at = end;
            return;
        }
        String tag = text.substring(at, end + 1);
        int close = text.indexOf(tag, end + 1);
        unsure |= close < 0;
        at = close < 0 ? text.length() : close + tag.length();
    }

    private void line() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
    }

    private void comment() {
        int depth = 0;
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return;
                }
            } else {
                at++;
            }
        }
        unsure = true;
    }

    private void number() {
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
    }

    private void word() {
        int start = at;
        while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at).toUpperCase(Locale.ROOT);
        boolean named = start > 0 && text.charAt(start - 1) == '.';
        if (verb.isEmpty()) {
            verb = word;
        }
        if (first.isEmpty()) {
            first = word;
        } else if (second.isEmpty()) {
            second = word;
        }
        rollbackToSavepoint |= word.equals("TO");
        body(word, named);
        last = word;
        if (SqlWords.CHANGES.contains(word)) {
            plainRead = false;
            writes |= first.equals("WITH") && !word.equals("INTO") && !word.equals("SHARE");
        }
        if (!SqlWords.BEFORE_PARENTHESIS.contains(word) && followedByParenthesis()) {
            plainRead = false;
            calls(word);
        }
        namesSettings |= word.equals("SET_CONFIG") || word.equals("CURRENT_SETTING");
        afterInto = word.equals("INTO") || afterInto && at < text.length() && text.charAt(at) == '.';
    }

    /** Notes a name before a parenthesis: a function, unless a table's name is followed by a list of columns. */
    private void calls(String word) {
        if (word.equals("SET_CONFIG")) {
            session = Sql.Session.CHANGES;
        } else if (!afterInto && SqlWords.MAY_CALL.contains(first) && !SqlWords.SESSION_STAYS.contains(word)) {
            session = session.or(Sql.Session.MAY_CHANGE);
        }
    }

    /**
     * The body of an SQL function, {@code BEGIN ATOMIC .. END}, belongs to the CREATE before it, including its
     * semicolons. A word after AS or a dot is a name, even END and CASE.
     */
    private void body(String word, boolean named) {
        if (bodyDepth == 0) {
            bodyDepth = first.equals("CREATE") && word.equals("ATOMIC") && last.equals("BEGIN") ? 1 : 0;
        } else if (!last.equals("AS") && !named) {
            bodyDepth += word.equals("CASE") ? 1 : word.equals("END") ? -1 : 0;
        }
    }

    private boolean followedByParenthesis() {
        int look = at;
        while (look < text.length()) {
            if (text.startsWith("--", look)) {
                int end = text.indexOf('\n', look);
                look = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(text.charAt(look))) {
                look++;
            } else {
                return text.charAt(look) == '(' || text.startsWith("/*", look);
            }
        }
        return false;
    }

    private void endPart() {
        if (!first.isEmpty()) {
            plainRead &= SqlWords.READS.contains(first);
            doesMore |= !first.equals("SET") || !second.equals("TRANSACTION");
            setsTransaction = !doesMore;
            writes |= !SqlWords.HARMLESS_VERBS.contains(first);
            boolean sets = first.equals("SET") && !second.equals("CONSTRAINTS");
            namesSettings |= sets || first.equals("SHOW");
            // the view pg_settings can be updated, by its name alone or after that of its schema
            boolean updates = first.equals("UPDATE") && (second.equals("PG_SETTINGS") || second.equals("PG_CATALOG"));
            if (sets || updates || first.equals("RESET") || first.equals("DISCARD")) {
                session = Sql.Session.CHANGES;
            } else if (SqlWords.OPAQUE.contains(first)) {
                session = session.or(Sql.Session.MAY_CHANGE);
            }
            commits |= (first.equals("COMMIT") || first.equals("END")) && !second.equals("PREPARED");
            savepoints |= switch (first) {
                case "SAVEPOINT", "RELEASE" -> true;
                case "ROLLBACK" -> rollbackToSavepoint;
                default -> false;
            };
            boolean ends = switch (first) {
                case "BEGIN", "START", "COMMIT", "END", "ABORT" -> true;
                case "ROLLBACK" -> !rollbackToSavepoint;
                case "PREPARE" -> second.equals("TRANSACTION");
                default -> false;
            };
            if (ends && ending == null) {
                ending = first;
            }
        }
        first = "";
        second = "";
        afterInto = false;
        rollbackToSavepoint = false;
    }
}
