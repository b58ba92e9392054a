package io.floodlock.runtime.jdbc.driver;

/**
 * Whether this Java runtime has JDBC: an image that jlink made, or an application whose modules don't require java.sql,
 * has none. No class of the application can hold a connection there, so what concerns connections has nothing to do;
 * and no class of this package but this one can be loaded.
 */
public final class JdbcModule {

    /** The module that is to be added where JDBC is wanted. */
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
