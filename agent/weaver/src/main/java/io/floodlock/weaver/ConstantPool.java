package io.floodlock.weaver;

import java.nio.charset.StandardCharsets;

/**
 * Tells from a class file's constant pool alone whether the class may need weaving. It runs for every class that the
 * application loads, so it looks at texts only, decodes none of them and allocates nothing.
 *
 * <p>It may say yes where nothing needs weaving, as a pool also names what the class merely uses, but never no where
 * something does: a method's annotations, names and descriptors all stand in the pool.
 */
final class ConstantPool {

    /** One of the annotations is on something in the class. */
    static final int ANNOTATED = 1;

    /** The class declares, or calls, a {@code getConnection} that answers a JDBC connection. */
    static final int CONNECTIONS = 2;

    /** The class has, or knows of, methods that Jakarta's interceptors run around others. */
    static final int INTERCEPTS = 4;

    /** The class has, or calls, a method that answers a JTA transaction. */
    static final int MANAGES = 8;

    /** The class has, or calls, a method named as those that run JDBC statements, and names types of JDBC. */
    static final int STATEMENTS = 16;

    /** Something in the class has annotations, of whatever kind. */
    static final int ANNOTATIONS_OF_ANY = 32;

    private static final int MAGIC = 0xCAFEBABE;
    private static final int UTF8 = 1;
    private static final int INTEGER = 3;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;

    private static final byte[] ANNOTATION_PACKAGE = bytes("Lio/floodlock/");
    private static final byte[][] ANNOTATIONS = {
        bytes("Lio/floodlock/SharedLock;"),
        bytes("Lio/floodlock/SharedLocks;"),
        bytes("Lio/floodlock/PessimisticLock;"),
        bytes("Lio/floodlock/PessimisticLocks;"),
        bytes("Lio/floodlock/Queued;"),
        bytes("Lio/floodlock/DistributedTx;")
    };
    private static final byte[] VISIBLE = bytes("RuntimeVisibleAnnotations");
    private static final byte[] INVISIBLE = bytes("RuntimeInvisibleAnnotations");
    private static final byte[] AROUND_INVOKE = bytes("Ljakarta/interceptor/AroundInvoke;");
    private static final byte[] OLD_AROUND_INVOKE = bytes("Ljavax/interceptor/AroundInvoke;");
    private static final byte[] TRANSACTION = bytes("()Ljakarta/transaction/Transaction;");
    private static final byte[] OLD_TRANSACTION = bytes("()Ljavax/transaction/Transaction;");
    private static final byte[] EXECUTE = bytes("execute");
    private static final byte[] JDBC = bytes("java/sql/");
    private static final byte[] JDBC_RESULT = bytes("()Ljava/sql/");
    private static final byte[] GET_CONNECTION = bytes("getConnection");
    private static final byte[] CONNECTION = bytes("()Ljava/sql/Connection;");
    private static final byte[] CONNECTION_FOR_USER =
            bytes("(Ljava/lang/String;Ljava/lang/String;)Ljava/sql/Connection;");

    private ConstantPool() {}

    /** Whether one of the annotations is on something in the class. */
    static boolean isAnnotated(byte[] file) {
        return (scan(file) & ANNOTATED) != 0;
    }

    /** The flags above; 0 for a class that can stay as it is, and for bytes that are no class file. */
    static int scan(byte[] file) {
        if (file.length < 10 || (u2(file, 0) << 16 | u2(file, 2)) != MAGIC) {
            return 0;
        }
        int found = 0;
        boolean named = false;
        boolean typed = false;
        boolean executes = false;
        boolean jdbc = false;
        int at = 10;
        for (int left = u2(file, 8) - 1; left > 0 && at + 2 < file.length; left--) {
            int tag = file[at];
            switch (tag) {
                case UTF8 -> {
                    int length = u2(file, at + 1);
                    int text = at + 3;
                    if (isAnnotation(file, text, length)) {
                        found |= ANNOTATED;
                    } else if (is(file, text, length, GET_CONNECTION)) {
                        named = true;
                    } else if (is(file, text, length, CONNECTION) || is(file, text, length, CONNECTION_FOR_USER)) {
                        typed = true;
                    } else if (is(file, text, length, AROUND_INVOKE) || is(file, text, length, OLD_AROUND_INVOKE)) {
                        found |= INTERCEPTS;
                    } else if (is(file, text, length, TRANSACTION) || is(file, text, length, OLD_TRANSACTION)) {
                        found |= MANAGES;
                    } else if (length >= EXECUTE.length && startsWith(file, text, EXECUTE)) {
                        executes = true;
                    } else if (is(file, text, length, VISIBLE) || is(file, text, length, INVISIBLE)) {
                        found |= ANNOTATIONS_OF_ANY;
                    }
                    jdbc |= length > JDBC_RESULT.length
                            && (startsWith(file, text, JDBC) || startsWith(file, text, JDBC_RESULT));
                    at = text + length;
                }
                case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> at += 3;
                case METHOD_HANDLE -> at += 4;
                case LONG, DOUBLE -> {
                    at += 9;
                    left--;
                }
                default -> {
                    if (tag < INTEGER || tag > PACKAGE) {
                        return found;
                    }
                    at += 5;
                }
            }
        }
        if (named && typed) {
            found |= CONNECTIONS;
        }
        return executes && jdbc ? found | STATEMENTS : found;
    }

    private static boolean isAnnotation(byte[] file, int at, int length) {
        if (length <= ANNOTATION_PACKAGE.length || !startsWith(file, at, ANNOTATION_PACKAGE)) {
            return false;
        }
        for (byte[] annotation : ANNOTATIONS) {
            if (is(file, at, length, annotation)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(byte[] file, int at, int length, byte[] text) {
        return length == text.length && startsWith(file, at, text);
    }

    private static boolean startsWith(byte[] file, int at, byte[] text) {
        if (at + text.length > file.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (file[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static int u2(byte[] file, int at) {
        return (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
