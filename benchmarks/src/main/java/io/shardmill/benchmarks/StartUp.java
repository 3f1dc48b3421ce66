package io.shardmill.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** G13: how long the packaged example takes until its context is ready, beside a plain jar and by the guide's recipe. */
final class StartUp implements Benchmark {

    private static final Path JAR = Path.of("examples/flight-delays/target/flight-delays.jar");
    private static final String C1 = "-XX:TieredStopAtLevel=1";
    private static final String PLAIN = "plain jar of the same starters";
    private static final String EXAMPLE = "example";
    private static final String RECIPE = "extracted, class-data archive, C1";

    /** A start, until the log says that it is over; of the process's life until then. */
    private record Start(double millis, double cpuMillis, double residentMegabytes) {}

    @Override
    public List<String> targets() {
        return List.of("G13");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        Map<String, List<String>> commands = commands(bench.folder("start"));
        round(bench, commands);
        List<Map<String, Start>> rounds = bench.rounds(() -> round(bench, commands));
        Samples toPlain = ratio(rounds, EXAMPLE, PLAIN);
        report.add(new Verdict(
                "G13",
                "start of the example's jar: <= 1.6 times a plain jar of the same starters",
                toPlain.ratio(),
                toPlain.median() <= 1.6,
                "From before the process is started to the line that says that the application has started."));
        Samples recipe = ratio(rounds, RECIPE, EXAMPLE);
        report.add(
                new Verdict(
                        "G13",
                        "start by the guide's recipe: <= 0.45 of the example's own jar",
                        recipe.ratio(),
                        recipe.median() <= 0.45,
                        "Extracted by the jar itself, with an archive of the classes that one run has loaded, and with C1 alone."));
        report.section(
                "Start of an application",
                "G13. Until the application has started, its data folder is new. The plain jar has the example's libraries and"
                        + " configuration, without Shardmill and what its starter brings along.");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "milliseconds", "CPU milliseconds", "MB resident", "of the example's jar"));
        for (String side : commands.keySet()) {
            table.add(List.of(
                    side,
                    figure(rounds, side, Start::millis).show("%.0f", ""),
                    figure(rounds, side, Start::cpuMillis).show("%.0f", ""),
                    figure(rounds, side, Start::residentMegabytes).show("%.0f", ""),
                    ratio(rounds, side, EXAMPLE).ratio()));
        }
        report.table(table);
    }

    private static Samples figure(List<Map<String, Start>> rounds, String side, ToDoubleFunction<Start> figure) {
        return Samples.of(rounds, round -> figure.applyAsDouble(Objects.requireNonNull(round.get(side))));
    }

    private static Samples ratio(List<Map<String, Start>> rounds, String side, String base) {
        double[] ratios = figure(rounds, side, Start::millis).values();
        double[] bases = figure(rounds, base, Start::millis).values();
        Arrays.setAll(ratios, round -> ratios[round] / bases[round]);
        return new Samples(ratios);
    }

    /** Makes the jars and the archive; returns what starts each side. */
    private static Map<String, List<String>> commands(Path folder) throws Exception {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException("There is no " + JAR + ": build it, and run this in the project's folder");
        }
        Path jar = JAR.toAbsolutePath();
        Path plain = folder.resolve("plain.jar");
        PlainJar.write(jar, plain);
        Path extracted = folder.resolve("extracted");
        await(folder, List.of("-Djarmode=tools", "-jar", "" + jar, "extract", "--destination", "" + extracted));
        String application = "" + extracted.resolve(jar.getFileName());
        Path archive = folder.resolve("classes.jsa");
        await(
                folder,
                List.of(
                        "-XX:ArchiveClassesAtExit=" + archive,
                        C1,
                        "-jar",
                        application,
                        "--server.port=0",
                        "--exit-when-drained"));
        String shared = "-XX:SharedArchiveFile=" + archive;

        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(PLAIN, List.of("-jar", "" + plain));
        commands.put(EXAMPLE, List.of("-jar", "" + jar));
        commands.put("C1", List.of(C1, "-jar", "" + jar));
        commands.put("extracted", List.of("-jar", application));
        commands.put("extracted, class-data archive", List.of(shared, "-jar", application));
        commands.put(RECIPE, List.of(shared, C1, "-jar", application));
        return commands;
    }

    private static void await(Path folder, List<String> options) throws IOException, InterruptedException {
        Process process = java(options)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("java " + String.join(" ", options) + " ends with " + process.exitValue());
        }
    }

    private static Map<String, Start> round(Bench bench, Map<String, List<String>> commands) throws Exception {
        Map<String, Start> starts = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> side : commands.entrySet()) {
            List<String> options = new ArrayList<>(side.getValue());
            options.add("--server.port=0");
            starts.put(side.getKey(), start(bench.folder("application"), options));
        }
        return starts;
    }

    private static Start start(Path folder, List<String> options) throws IOException, InterruptedException {
        long since = System.nanoTime();
        Process process = java(options)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader console = process.inputReader()) {
            List<String> shown = new ArrayList<>();
            for (String line = console.readLine(); line != null; line = console.readLine()) {
                shown.add(line);
                if (line.contains(" Started ") && line.contains("Application in ")) {
                    double millis = (System.nanoTime() - since) / 1e6;
                    long cpu = process.info().totalCpuDuration().orElseThrow().toMillis();
                    return new Start(millis, cpu, residentMegabytes(process.pid()));
                }
            }
            throw new IllegalStateException("java " + String.join(" ", options) + " has not started: " + shown);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The most that were resident so far. */
    private static double residentMegabytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    private static ProcessBuilder java(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(ChildJvm.executable());
        command.addAll(options);
        return new ProcessBuilder(command);
    }
}
