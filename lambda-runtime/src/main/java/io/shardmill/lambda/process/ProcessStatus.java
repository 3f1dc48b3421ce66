package io.shardmill.lambda.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads what {@code /proc} tells of a process (proc_pid_status(5), proc_pid_smaps(5)). */
final class ProcessStatus {

    private static final int EFFECTIVE = 1;
    private static final String STATUS = "status";
    private static final String ROLLUP = "smaps_rollup";

    private ProcessStatus() {}

    /** Returns the user id with which this process opens sockets and files. */
    static long ownUid() throws IOException {
        return ownId("Uid:");
    }

    static long ownGid() throws IOException {
        return ownId("Gid:");
    }

    private static long ownId(String field) throws IOException {
        return Long.parseLong(field(Path.of("/proc/self", STATUS), field).split("\\s+", -1)[EFFECTIVE]);
    }

    /** Returns whether this process has capabilities that every program it executes inherits. */
    static boolean hasAmbientCapabilities() throws IOException {
        return !field(Path.of("/proc/self", STATUS), "CapAmb:").matches("0*");
    }

    /** @throws IOException if this process may not read the environment and the memory of that one */
    static void requireReadable(long pid) throws IOException {
        for (String file : List.of("environ", ROLLUP)) {
            Path path = Path.of("/proc", Long.toString(pid), file);
            if (Files.exists(path)) { // old kernels lack one of them
                Files.readAllBytes(path);
            }
        }
    }

    /**
     * Returns the size, in KiB, of what the process holds and only it can free: pages that it shares with others count, too, but
     * not those of files, which the kernel drops when memory is short. The whole resident size on kernels that don't tell
     * these apart; 0 if the process has ended.
     */
    static long residentKilobytes(long pid) {
        long held = kilobytes(pid, STATUS, "RssAnon:", "RssShmem:", "VmSwap:");
        return held > 0 ? held : kilobytes(pid, STATUS, "VmRSS:");
    }

    /**
     * Returns the same in proportion: each shared page is divided by the number of processes that share it. Takes about a
     * millisecond for 100 MB. {@link #residentKilobytes} where this may not be read, or the kernel is older than 5.4.
     */
    static long proportionalKilobytes(long pid) {
        long proportional = kilobytes(pid, ROLLUP, "Pss_Anon:", "Pss_Shmem:", "SwapPss:");
        return proportional > 0 ? proportional : residentKilobytes(pid);
    }

    private static long kilobytes(long pid, String file, String... fields) {
        try {
            long sum = 0;
            List<String> lines =
                    Files.readAllLines(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
            for (String field : fields) {
                sum += Long.parseLong(value(lines, field).replaceAll("\\D", ""));
            }
            return sum;
        } catch (IOException | NumberFormatException endedOrOld) {
            return 0;
        }
    }

    private static String field(Path file, String name) throws IOException {
        return value(Files.readAllLines(file, StandardCharsets.ISO_8859_1), name);
    }

    private static String value(List<String> lines, String name) throws IOException {
        for (String line : lines) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        throw new IOException("/proc has no line " + name);
    }
}
