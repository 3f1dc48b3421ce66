package io.shardmill.lambda.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code /proc/<pid>/status}. */
final class ProcessStatus {

    private static final int EFFECTIVE = 1;

    private ProcessStatus() {}

    /** Returns the user id with which this process opens sockets and files. */
    static long ownUid() throws IOException {
        return Long.parseLong(field("self", "Uid:").split("\\s+", -1)[EFFECTIVE]);
    }

    /** Returns the largest resident size that the process has had, in KiB; 0 if it has ended. */
    static long peakKilobytes(long pid) {
        try {
            return Long.parseLong(field(Long.toString(pid), "VmHWM:").replaceAll("\\D", ""));
        } catch (IOException | NumberFormatException ended) {
            return 0;
        }
    }

    private static String field(String process, String name) throws IOException {
        Path status = Path.of("/proc", process, "status");
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        throw new IOException(status + " has no line " + name);
    }
}
