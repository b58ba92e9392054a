package io.floodlock.weaver.log;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Appends to a file, one write per line. Several JVMs may therefore share the file, and log rotation by copy and
 * truncate works. A line that can't be written goes to the fallback target, standard error. The file is opened
 * through {@code java.io}, because the default FileSystem must stay untouched before {@code main}.
 */
final class FileTarget implements LogTarget {

    private final FileOutputStream out;
    private final LogTarget otherwise;

    /**
     * @param otherwise receives the lines that can't be written
     * @throws IllegalArgumentException if the file can't be opened
     */
    FileTarget(String path, LogTarget otherwise) {
        try {
            out = new FileOutputStream(new File(path), true);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "floodlock.log is '" + path + "', a file that can't be written: " + e.getMessage()
                            + ". Create its folder and let this user write there, or set another path, stderr or slf4j",
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
