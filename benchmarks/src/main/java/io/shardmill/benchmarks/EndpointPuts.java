package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** E2: many small puts through HTTP that survive the death of the process, beside such that survive that of the machine. */
final class EndpointPuts implements Benchmark {

    private static final int PUTS = 512;
    private static final int MANY = 64;
    private static final List<String> DURABILITIES = List.of("process", "machine");

    @Override
    public List<String> targets() {
        return List.of("E2");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        double load = Machine.load();
        try (KinesisServer process = server(bench, DURABILITIES.get(0));
                KinesisServer machine = server(bench, DURABILITIES.get(1));
                KinesisLoad toProcess = new KinesisLoad(process);
                KinesisLoad toMachine = new KinesisLoad(machine)) {
            toProcess.createStream();
            toMachine.createStream();
            Map<String, Side> sides = new LinkedHashMap<>();
            for (int clients : List.of(1, MANY)) {
                sides.put(side(DURABILITIES.get(0), clients), () -> nanos(toProcess, clients));
                sides.put(side(DURABILITIES.get(1), clients), () -> nanos(toMachine, clients));
            }
            Round.of(sides, bench.run());
            List<Round> rounds = bench.rounds(() -> Round.of(sides, bench.run()));
            report.section(
                    "Small puts through the Kinesis endpoint",
                    ("E2, without a goal. PutRecord calls of 1 KiB a second, by one thread and by %d at once. Process: an"
                                    + " acknowledged record survives the death of the server. Machine: also that of the machine;"
                                    + " puts that wait share an fsync. Clients and server share the machine's cores. Load of the"
                                    + " machine before: %.1f.")
                            .formatted(MANY, load));
            report.table(table(rounds));
        }
    }

    private static KinesisServer server(Bench bench, String durability) throws Exception {
        return KinesisServer.shardmill(bench, "--shardmill.durability=" + durability);
    }

    private static String side(String durability, int clients) {
        return durability + " " + clients;
    }

    private static long nanos(KinesisLoad load, int clients) throws Exception {
        long start = System.nanoTime();
        Parallel.forEach(clients, Collections.nCopies(PUTS, load), KinesisLoad::putOne);
        return System.nanoTime() - start;
    }

    private static List<List<String>> table(List<Round> rounds) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("durability", "1 client", MANY + " clients", "ratio"));
        for (String durability : DURABILITIES) {
            table.add(List.of(
                    durability,
                    rate(rounds, side(durability, 1)),
                    rate(rounds, side(durability, MANY)),
                    Round.ratio(rounds, side(durability, MANY), side(durability, 1))
                            .ratio()));
        }
        return table;
    }

    private static String rate(List<Round> rounds, String side) {
        return Samples.of(rounds, round -> PUTS * 1e9 / round.nanos(side)).show("%,.0f", "");
    }
}
