package io.floodlock.runtime.jdbc.driver;

/**
 * Answers whether this Java runtime has JDBC. A jlink image, or an application whose modules don't require java.sql,
 * has none. No class of the application can hold a connection there, so the code for connections has nothing to do, and
 * no class of this package except this one can be loaded. Thread-safe.
 */
public final class JdbcModule {

    /** The module to add where JDBC is needed. */
    public static final String MODULE = "java.sql";

    private static final boolean PRESENT = present();

    private JdbcModule() {}

    public static boolean isPresent() {
        return PRESENT;
    }

    private static boolean present() {
        try {
            Class.forName("java.sql.Connection", false, JdbcModule.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
