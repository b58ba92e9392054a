package io.floodlock.weaver.log;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A file that is appended to, a line at a time, so that JVMs may share one and a rotation that copies and truncates works. A
 * line that can't be written goes to standard error. Opened through {@code java.io}, as the default FileSystem must stay
 * untouched before {@code main}.
 */
final class FileTarget implements LogTarget {

    private final FileOutputStream out;
    private final LogTarget otherwise;

    /** @throws IllegalArgumentException if it can't be opened */
    FileTarget(String path, LogTarget otherwise) {
        try {
            out = new FileOutputStream(new File(path), true);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "floodlock.log is '" + path + "', a file that can't be written: " + e.getMessage()
                            + ". Make its folder and let this user write there, or give another path, stderr or slf4j",
                    e);
        }
        this.otherwise = otherwise;
    }

    @Override
    public void write(LogLine line) {
        try {
            out.write(line.print().getBytes(StandardCharsets.UTF_8));
        } catch (IOException full) {
            otherwise.write(line);
        }
    }
}
