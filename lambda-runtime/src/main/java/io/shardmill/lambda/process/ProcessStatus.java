package io.shardmill.lambda.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what {@code /proc} tells of a process (proc_pid_status(5), proc_pid_smaps(5)). */
final class ProcessStatus {

    private static final int EFFECTIVE = 1;
    private static final String STATUS = "status";

    private ProcessStatus() {}

    /** Returns the user id with which this process opens sockets and files. */
    static long ownUid() throws IOException {
        return Long.parseLong(field(Path.of("/proc/self", STATUS), "Uid:").split("\\s+", -1)[EFFECTIVE]);
    }

    /** Returns the largest resident size that the process has had, in KiB; 0 if it has ended. */
    static long peakKilobytes(long pid) {
        return kilobytes(pid, STATUS, "VmHWM:");
    }

    /** Returns the resident size, in KiB, with pages that it shares with others; 0 if it has ended. */
    static long residentKilobytes(long pid) {
        return kilobytes(pid, STATUS, "VmRSS:");
    }

    /**
     * Returns the proportional size, in KiB: each shared page is divided by the number of processes that share it. Takes about
     * a millisecond for 100 MB. The resident size where this may not be read.
     */
    static long proportionalKilobytes(long pid) {
        long proportional = kilobytes(pid, "smaps_rollup", "Pss:");
        return proportional > 0 ? proportional : residentKilobytes(pid);
    }

    private static long kilobytes(long pid, String file, String field) {
        try {
            return Long.parseLong(
                    field(Path.of("/proc", Long.toString(pid), file), field).replaceAll("\\D", ""));
        } catch (IOException | NumberFormatException ended) {
            return 0;
        }
    }

    private static String field(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        throw new IOException(file + " has no line " + name);
    }
}
