package io.shardmill.poller.simulation;

import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** Draws a mapping's settings. */
final class Settings {

    static final String MAPPING = "orders";
    static final String STREAM = "orders";

    private Settings() {}

    /** @param patient whether a batch may be tried for ever: not where a record is too large for any event */
    static EventSourceMapping draw(Random random, StartingPosition from, boolean patient) {
        EventSourceMapping mapping = mayBeTransactional(
                random,
                EventSourceMapping.of(MAPPING, STREAM)
                        .with(from)
                        .with(batching(random))
                        .with(failureHandling(random, patient)));
        return !mapping.batching().hasTumblingWindow() && random.nextInt(2) == 0
                ? mapping.with(SimulatedFilter.draw(random))
                : mapping;
    }

    /** Where a new mapping begins: mostly at the oldest record, sometimes in the middle of what was put before. */
    static StartingPosition startingPosition(Random random) {
        int draw = random.nextInt(10);
        if (draw == 0) {
            return new StartingPosition.Latest();
        }
        if (draw == 1) {
            return new StartingPosition.AtTimestamp(Instant.ofEpochMilli(VirtualTime.START + random.nextInt(3_000)));
        }
        return new StartingPosition.TrimHorizon();
    }

    private static Batching batching(Random random) {
        int size = random.nextInt(8) == 0 ? 20 : 1 + random.nextInt(6);
        Duration window = random.nextInt(3) == 0 ? Duration.ofSeconds(1 + random.nextInt(5)) : Duration.ZERO;
        if (random.nextInt(3) == 0) {
            return new Batching(size, window, 1, Duration.ofSeconds(1 + random.nextInt(20)));
        }
        int factor = random.nextInt(8) == 0 ? 10 : 1 + random.nextInt(4);
        return new Batching(size, window, factor);
    }

    private static FailureHandling failureHandling(Random random, boolean patient) {
        int retries = patient && random.nextInt(3) == 0 ? FailureHandling.UNLIMITED : random.nextInt(4);
        FailureHandling rules = FailureHandling.defaults().withMaximumRetryAttempts(retries);
        if (random.nextInt(3) == 0) {
            rules = rules.withMaximumRecordAge(Duration.ofSeconds(60));
        }
        if (random.nextBoolean()) {
            rules = rules.withBisect();
        }
        if (random.nextBoolean()) {
            rules = rules.withReportBatchItemFailures();
        }
        return random.nextBoolean() ? rules.withDestination("failures") : rules;
    }

    /** A tumbling window's state is saved after its function's transaction. */
    private static EventSourceMapping mayBeTransactional(Random random, EventSourceMapping mapping) {
        return !mapping.batching().hasTumblingWindow() && random.nextBoolean()
                ? mapping.with(mapping.failureHandling().withTransactions())
                : mapping;
    }
}
