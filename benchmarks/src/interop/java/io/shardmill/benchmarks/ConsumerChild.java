package io.shardmill.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** A contestant in a process of its own. */
final class ConsumerChild extends ReadingChild {

    static final String PART = "--consumer";

    private final ContestantKind kind;
    private final Path data;
    private Consumed consumed = new Consumed(ConsumeOrder.of("none", "none", "none", 1, 0));

    private ConsumerChild(ContestantKind kind, Path data) {
        this.kind = kind;
        this.data = data;
    }

    /** @param options the kind of contestant, and a folder */
    static void run(List<String> options) throws Exception {
        new ConsumerChild(ContestantKind.valueOf(options.get(0)), Path.of(options.get(1))).serve();
    }

    @Override
    AutoCloseable start(List<String> words) {
        ConsumeOrder order = ConsumeOrder.parse(words);
        consumed = new Consumed(order);
        return kind.start(order, consumed, data);
    }

    @Override
    ReadCounts counts() {
        return consumed;
    }

    /** @param numbers how many records, and for how long */
    @Override
    boolean await(List<Integer> numbers) throws InterruptedException {
        return consumed.await(numbers.get(0), numbers.get(1));
    }
}
