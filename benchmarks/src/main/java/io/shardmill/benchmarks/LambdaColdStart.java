package io.shardmill.benchmarks;

import io.shardmill.lambda.HostedFunction;
import io.shardmill.runtime.Invocation;
import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** L2: from nothing to a Lambda function's first answer, in a process and in this JVM, beside the start of a bare JVM. */
final class LambdaColdStart implements Benchmark {

    private static final String BARE_JVM = "java --version";
    private static final String PROCESS = "in a process";
    private static final String IN_JVM = "in this JVM";

    @Override
    public List<String> targets() {
        return List.of("L2");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        Invocation invocation = DeployedHandler.batch(1);
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "milliseconds", "of " + BARE_JVM));
        try (DeployedHandler handler = DeployedHandler.in(bench)) {
            Map<String, Side> sides = new LinkedHashMap<>();
            sides.put(BARE_JVM, LambdaColdStart::bareJvmNanos);
            sides.put(PROCESS, () -> {
                long start = System.nanoTime();
                try (HostedFunction function = handler.inProcess()) {
                    handler.invoking(function, invocation).once();
                    return System.nanoTime() - start;
                }
            });
            sides.put(IN_JVM, () -> {
                long start = System.nanoTime();
                try (HostedFunction function = handler.inJvm()) {
                    handler.invoking(function, invocation).once();
                    return System.nanoTime() - start;
                }
            });
            Round.of(sides, bench.run());
            List<Round> rounds = bench.rounds(() -> Round.of(sides, bench.run()));
            for (String side : sides.keySet()) {
                table.add(List.of(
                        side,
                        Samples.of(rounds, round -> round.nanos(side) / 1e6).show("%.1f", ""),
                        Round.ratio(rounds, BARE_JVM, side).ratio()));
            }
        }
        report.section(
                "Cold start of a Lambda function",
                "L2, without a goal. Milliseconds to the answer to the first event, of one record; again and again, with the"
                        + " files in the page cache. In a process: from before its JVM is started, with AWS's own client of"
                        + " the Runtime API. In this JVM, which is warm: a class loader for the code with AWS's serializers in"
                        + " it, and the handler's object. java --version: the same Java with the same heap, until its first"
                        + " line.");
        report.table(table);
    }

    private static long bareJvmNanos() throws Exception {
        List<String> command = List.of(
                ChildJvm.executable(), "-Xmx" + DeployedHandler.MEGABYTES + "m", "-XX:+UseSerialGC", "--version");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).start();
        try (BufferedReader output = process.inputReader()) {
            if (output.readLine() == null) {
                throw new IllegalStateException("This Java does not start");
            }
            long nanos = System.nanoTime() - start;
            process.waitFor();
            return nanos;
        }
    }
}
