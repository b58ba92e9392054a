package io.floodlock.weaver.classfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import net.bytebuddy.jar.asm.ClassReader;
import org.junit.jupiter.api.Test;

class ClassBytesTest {

    static final long WIDE = 1L << 40;
    static final double WIDE_TOO = 1.5;

    @Test
    void findsEachConstantWhereAReaderDoes() throws IOException {
        byte[] file = file();
        assertTrue(ClassBytes.isClassFile(file));
        ClassReader reader = new ClassReader(file);
        int[] constants = ClassBytes.constants(file);
        assertEquals(reader.getItemCount(), constants.length);
        int[] expected = new int[constants.length];
        for (int i = 1; i < constants.length; i++) {
            expected[i] = reader.getItem(i);
        }
        expected[0] = reader.header;
        assertEquals(Arrays.toString(expected), Arrays.toString(constants));
    }

    @Test
    void refusesATagThatItDoesNotKnow() throws IOException {
        byte[] file = file();
        file[ClassBytes.FIRST] = 2;
        assertEquals(0, ClassBytes.size(file, ClassBytes.FIRST));
        assertThrows(IllegalArgumentException.class, () -> ClassBytes.constants(file));
    }

    @Test
    void aFileThatIsCutShortEndsBeyondItsBytes() throws IOException {
        byte[] file = file();
        byte[] cut = Arrays.copyOf(file, ClassBytes.constants(file)[0] / 2);
        assertThrows(IndexOutOfBoundsException.class, () -> ClassBytes.constants(cut));
        assertFalse(ClassBytes.isClassFile(new byte[16]));
        assertFalse(ClassBytes.isClassFile(Arrays.copyOf(file, 9)));
    }

    private static byte[] file() throws IOException {
        try (InputStream in = ClassBytesTest.class.getResourceAsStream("ClassBytesTest.class")) {
            return in.readAllBytes();
        }
    }
}
