package io.shardmill.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A broker with topics, and what is needed to have them read.
 *
 * @param records of a backlog
 */
record KafkaBench(Bench bench, List<String> program, KafkaBroker broker, TopicFeed feed, int records)
        implements AutoCloseable {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String HEAP = "-Xmx1g";

    /** How long a contestant may take for what it is asked for. */
    static final int BOUND_MILLIS = 120_000;

    static KafkaBench start(Bench bench, int records) throws IOException, InterruptedException {
        List<String> program = ExtractedProgram.of(bench, KafkaBenchmarks.class);
        KafkaBroker broker = new KafkaBroker(new ChildJvm(
                List.of(HEAP), program, List.of(KafkaBroker.PART, bench.folder().toString())));
        return new KafkaBench(bench, program, broker, new TopicFeed(broker.bootstrapServers()), records);
    }

    /** Returns a new name, for a topic or a group. */
    String name(String what) {
        return what + "-" + NAMES.incrementAndGet();
    }

    /** Starts the process of a contestant, with a folder of its own. */
    ConsumerProcess contestant(ContestantKind kind) throws IOException {
        String data = bench.folder("data").toString();
        return new ConsumerProcess(new ChildJvm(List.of(HEAP), program, List.of(ConsumerChild.PART, kind.name(), data)));
    }

    /** A new group's order. */
    ConsumeOrder order(String topic, int partitions, int records) {
        return ConsumeOrder.of(broker.bootstrapServers(), name("group"), topic, partitions, records);
    }

    /** Has all of a topic consumed; rates are not a number where the bound was too short. */
    ReadFigures consume(ConsumerProcess contestant, ConsumeOrder order) throws IOException {
        contestant.consume(order);
        contestant.await(order.records(), BOUND_MILLIS);
        ReadFigures figures = contestant.figures();
        contestant.stop();
        return figures;
    }

    int rounds() {
        return bench.rounds();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        feed.close();
        broker.close();
    }
}
