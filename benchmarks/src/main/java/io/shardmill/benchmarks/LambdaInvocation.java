package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** L1: an invocation of a Lambda function in a process of its own, beside the same code in this JVM and a plain function. */
final class LambdaInvocation implements Benchmark {

    private static final int INVOCATIONS = 20;
    private static final String PLAIN = "plain function";
    private static final String EVENT = "event alone";
    private static final String IN_JVM = "in this JVM";
    private static final String PROCESS = "in a process";

    /** Does what the handler does. */
    private record Plain() implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) {
            for (Record record : batch) {
                if (record.data().remaining() != PayloadHandler.BYTES) {
                    throw new IllegalArgumentException("A record of another size");
                }
            }
            return Result.success();
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }

    @Override
    public List<String> targets() {
        return List.of("L1");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "records",
                PLAIN,
                EVENT,
                IN_JVM,
                PROCESS,
                "this JVM / plain",
                "process / this JVM",
                "process - this JVM"));
        try (DeployedHandler handler = DeployedHandler.in(bench)) {
            for (int records : List.of(1, 100)) {
                table.add(row(records, measure(bench, handler, DeployedHandler.batch(records))));
            }
        }
        report.section(
                "Invocations of a Lambda function",
                ("L1, without a goal. Microseconds an invocation, one at a time, made as the engine makes it. The handler takes"
                                + " a KinesisEvent, looks at each record of 1 KiB and reports no failures. In a process: AWS's"
                                + " own client of the Runtime API, over loopback, with %d MB of heap. Event alone: its JSON,"
                                + " built and not used; both ways of the handler need it. Plain function: over the records,"
                                + " without JSON. Logs are off.")
                        .formatted(DeployedHandler.MEGABYTES));
        report.table(table);
    }

    private static List<Round> measure(Bench bench, DeployedHandler handler, Invocation invocation) throws Exception {
        int least = invocation.records().size() * PayloadHandler.BYTES;
        try (HostedFunction inJvm = handler.inJvm();
                HostedFunction process = handler.inProcess()) {
            Map<String, Side> sides = new LinkedHashMap<>();
            sides.put(PLAIN, repeated(handler.invoking(new Plain(), invocation)));
            sides.put(EVENT, repeated(() -> {
                if (invocation.event().bytes().length < least) {
                    throw new IllegalStateException("The event has too little in it");
                }
            }));
            sides.put(IN_JVM, repeated(handler.invoking(inJvm, invocation)));
            sides.put(PROCESS, repeated(handler.invoking(process, invocation)));
            Round.of(sides, bench.run());
            return bench.rounds(() -> Round.of(sides, bench.run()));
        }
    }

    private static Side repeated(DeployedHandler.Call call) {
        return () -> {
            long start = System.nanoTime();
            for (int count = 0; count < INVOCATIONS; count++) {
                call.once();
            }
            return System.nanoTime() - start;
        };
    }

    private static List<String> row(int records, List<Round> rounds) {
        return List.of(
                Integer.toString(records),
                micros(rounds, PLAIN),
                micros(rounds, EVENT),
                micros(rounds, IN_JVM),
                micros(rounds, PROCESS),
                Round.ratio(rounds, PLAIN, IN_JVM).show("%.0f", ""),
                Round.ratio(rounds, IN_JVM, PROCESS).ratio(),
                Samples.of(rounds, round -> (round.nanos(PROCESS) - round.nanos(IN_JVM)) / INVOCATIONS / 1_000)
                        .show("%.0f", ""));
    }

    private static String micros(List<Round> rounds, String side) {
        return Samples.of(rounds, round -> round.nanos(side) / INVOCATIONS / 1_000)
                .show("%.1f", "");
    }
}
