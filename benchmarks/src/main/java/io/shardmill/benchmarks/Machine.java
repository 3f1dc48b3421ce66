package io.shardmill.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the figures were measured on, in general terms; and what this process takes of it. */
final class Machine {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    private Machine() {}

    static String describe(Path folder) {
        String fileSystem;
        try {
            fileSystem = Files.getFileStore(folder).type();
        } catch (IOException unknown) {
            fileSystem = "unknown file system";
        }
        return "%d cores (%s), %s, %s, JDK %s (%s)"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        line(CPU_INFO, "model name"),
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        fileSystem,
                        System.getProperty("java.runtime.version"),
                        System.getProperty("java.vm.vendor"));
    }

    private static String line(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    /** Processes that wanted a core, in the last minute; negative where that is not known. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** Nanoseconds of processor time that this process has used; all cores together. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Nanoseconds of processor time used so far by the threads that live and have such a name. */
    static long cpuNanos(Pattern name) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && name.matcher(thread.getThreadName()).lookingAt()) {
                sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return sum;
    }

    /** Bytes of memory that this process holds (VmRSS); what the heap takes where that can't be asked. */
    static long residentBytes() {
        String resident = line(OWN_STATUS, "VmRSS");
        return resident.endsWith("kB")
                ? Long.parseLong(resident.substring(0, resident.length() - 2).trim()) * 1024
                : Runtime.getRuntime().totalMemory();
    }

    static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
