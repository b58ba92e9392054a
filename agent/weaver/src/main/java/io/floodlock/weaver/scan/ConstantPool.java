package io.floodlock.weaver.scan;

import static io.floodlock.weaver.classfile.ClassBytes.is;
import static io.floodlock.weaver.classfile.ClassBytes.startsWith;

import io.floodlock.weaver.classfile.ClassBytes;
import java.nio.charset.StandardCharsets;

/**
 * Decides from a class file's constant pool alone whether the class may need weaving. {@code Weaver} calls {@link
 * #scan} for every class that the application loads. So it looks at texts only, decodes none of them and allocates
 * nothing. Stateless.
 *
 * <p>The answer may be yes for a class that needs no weaving, because a pool also names what the class merely uses. It
 * is never no for a class that needs weaving: the annotations, names and descriptors of its methods all stand in the
 * pool.
 */
public final class ConstantPool {

    /** Something in the class carries one of Floodlock's annotations. */
    static final int ANNOTATED = 1;

    /** The class declares or calls a {@code getConnection} that returns a JDBC connection. */
    static final int CONNECTIONS = 2;

    /** The class declares or refers to methods that Jakarta's interceptors run around others. */
    static final int INTERCEPTS = 4;

    /** The class declares or calls a method that returns a JTA transaction. */
    static final int MANAGES = 8;

    /** The class declares or calls a method with a name of those that run JDBC statements, and names types of JDBC. */
    static final int STATEMENTS = 16;

    /** Something in the class carries annotations of any kind. */
    public static final int ANNOTATIONS_OF_ANY = 32;

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

    /** Whether something in the class carries one of Floodlock's annotations. */
    public static boolean isAnnotated(byte[] file) {
        return (scan(file) & ANNOTATED) != 0;
    }

    /** The flags above; 0 for a class that can stay as it is, and for bytes that are not a class file. */
    public static int scan(byte[] file) {
        if (!ClassBytes.isClassFile(file)) {
            return 0;
        }
        int found = 0;
        boolean named = false;
        boolean typed = false;
        boolean executes = false;
        boolean jdbc = false;
        int at = ClassBytes.FIRST;
        for (int left = ClassBytes.count(file) - 1; left > 0 && at + 2 < file.length; left--) {
            int size = ClassBytes.size(file, at);
            if (size == 0) {
                return found;
            }
            if (file[at] == ClassBytes.UTF8) {
                int length = size - 3;
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
            } else if (ClassBytes.isWide(file, at)) {
                left--;
            }
            at += size;
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
