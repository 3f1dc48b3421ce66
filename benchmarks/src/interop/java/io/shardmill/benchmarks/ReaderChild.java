package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A reader of a Kinesis stream in a process of its own. */
final class ReaderChild extends ReadingChild {

    static final String PART = "--reader";

    private final ReaderKind kind;
    private final Endpoints endpoints;
    private final Path data;
    private Received received = new Received(ReadOrder.of("none", "none", ReadOrder.Access.POLLING, ReadOrder.Pace.DEFAULTS, 0));

    private ReaderChild(ReaderKind kind, Endpoints endpoints, Path data) {
        this.kind = kind;
        this.endpoints = endpoints;
        this.data = data;
    }

    /** @param options the kind of reader, a folder, and where to find what it needs */
    static void run(List<String> options) throws Exception {
        ReaderChild child = new ReaderChild(
                ReaderKind.valueOf(options.get(0)),
                Endpoints.parse(options.subList(2, options.size())),
                Path.of(options.get(1)));
        child.serve();
    }

    @Override
    AutoCloseable start(List<String> words) {
        ReadOrder order = ReadOrder.parse(words);
        received = new Received(order);
        RequestCount.atFirstRead(received::begin);
        return kind.start(order, endpoints, data, received);
    }

    @Override
    ReadCounts counts() {
        return received;
    }

    /** @param numbers of the first record, of the one behind the last, and for how long */
    @Override
    boolean await(List<Integer> numbers) throws InterruptedException {
        return received.await(numbers.get(0), numbers.get(1), numbers.get(2));
    }

    @Override
    String obey(String command) throws IOException {
        return command.equals("sent") ? "" + RequestCount.reading(RequestCount.sent()) : super.obey(command);
    }
}
