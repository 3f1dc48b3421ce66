package io.shardmill.benchmarks;

import io.shardmill.benchmarks.H2Examination.Damage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts how often an H2 file comes back damaged from {@code kill -9}: {@link H2Writers} is killed at a random moment,
 * and its file is examined by {@link H2Examination}, as often as asked for. The guide's page on operations has the figures.
 */
final class H2KillRuns {

    private static final long EXAMINATION_SECONDS = 60;

    private H2KillRuns() {}

    /**
     * Prints how often each kind of damage was found.
     *
     * @param arguments kills, connections, the longest life in milliseconds, and the end of the URL
     */
    public static void main(String[] arguments) throws Exception {
        int kills = Integer.parseInt(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        int longestMillis = Integer.parseInt(arguments[2]);
        String options = arguments.length > 3 ? arguments[3] : "";
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Damage, Integer> damages = new EnumMap<>(Damage.class);
        long commits = 0;
        for (int kill = 1; kill <= kills; kill++) {
            Path folder = Files.createTempDirectory("h2-kill-runs");
            String url = "jdbc:h2:" + folder.resolve("db") + ";DB_CLOSE_ON_EXIT=FALSE;" + options;
            long[] acknowledged = writeUntilKilled(url, connections, random.nextInt(longestMillis));
            commits += Arrays.stream(acknowledged).sum();
            examine(url, acknowledged).forEach(damage -> damages.merge(damage, 1, Integer::sum));
            Bench.delete(folder);
        }
        System.out.printf(
                "H2 %s, %d connections, '%s', seed %d: %d kills after %d commits: %s%n",
                org.h2.engine.Constants.VERSION, connections, options, seed, kills, commits, damages);
    }

    /** Returns the last number that each writer printed. */
    private static long[] writeUntilKilled(String url, int writers, int millis) throws Exception {
        Process child = start(H2Writers.class, url, Integer.toString(writers));
        long[] acknowledged = new long[writers];
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            read(output.readLine(), acknowledged);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < end) {
                read(output.readLine(), acknowledged);
            }
            child.toHandle().destroyForcibly(); // Process.destroyForcibly() would close its output unread
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                read(line, acknowledged);
            }
            return acknowledged;
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static void read(String line, long[] acknowledged) throws IOException {
        if (line == null) {
            throw new IOException("The child process ended by itself");
        }
        int space = line.indexOf(' ');
        int writer = Integer.parseInt(line, 0, space, 10);
        acknowledged[writer - 1] = Long.parseLong(line, space + 1, line.length(), 10);
    }

    private static Set<Damage> examine(String url, long[] acknowledged) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(url));
        Arrays.stream(acknowledged).mapToObj(Long::toString).forEach(arguments::add);
        Process child = start(H2Examination.class, arguments.toArray(String[]::new));
        Set<Damage> found = EnumSet.noneOf(Damage.class);
        if (!child.waitFor(EXAMINATION_SECONDS, TimeUnit.SECONDS)) {
            found.add(Damage.HUNG);
            child.toHandle().destroyForcibly();
        }
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            output.lines().map(Damage::valueOf).forEach(found::add);
        }
        child.waitFor();
        return found;
    }

    private static Process start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(ChildJvm.executable(), "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
