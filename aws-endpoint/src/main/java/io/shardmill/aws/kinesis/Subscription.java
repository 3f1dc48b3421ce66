package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.StreamConsumer;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What one SubscribeToShard sends: records as they come, for five minutes or until the shard ends or the consumer is
 * deregistered. It waits for the
 * stream's wake-ups; an empty event every five seconds without records shows that it lives. Runs on one thread; any
 * thread may {@link #end} it.
 */
final class Subscription {

    static final Duration LIFE = Duration.ofMinutes(5);

    private static final int HEARTBEAT_SECONDS = 5;
    private static final int MAX_RECORDS = 10_000;
    private static final int MAX_EVENT_BYTES = 2 << 20;

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Start start;
    private final Clock clock;
    private final long endMillis;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean ended;
    private SequenceNumber continuation;

    /**
     * Where it begins.
     *
     * @param consumer of the stream
     * @param tip of the shard before anything was read: the place to continue at while nothing was sent
     */
    record Start(String stream, StreamConsumer consumer, String shardId, Position position, SequenceNumber tip) {}

    Subscription(EmbeddedStreams streams, StreamNames names, Start start, Clock clock) {
        this.streams = streams;
        this.names = names;
        this.start = start;
        this.clock = clock;
        this.endMillis = clock.millis() + LIFE.toMillis();
        this.continuation = start.tip();
    }

    /** Nothing more is sent, and {@link #run} returns soon. */
    void end() {
        ended = true;
        wakeUps.release();
    }

    /**
     * Sends until there is nothing more to send.
     *
     * @throws IOException if the client has gone
     * @throws InterruptedException if the endpoint is stopped
     */
    void run(OutputStream out, Wire wire) throws IOException, InterruptedException {
        EventStream events = new EventStream(out, wire);
        events.begin();
        try (ShardReader reader = streams.find(start.consumer().arn())
                .orElseThrow()
                .open(start.shardId(), start.position(), wakeUps::release)) {
            ReadResult result = read(reader);
            while (!ended && clock.millis() < endMillis) {
                if (result instanceof ReadResult.Records found) {
                    result = read(reader);
                    send(events, found.records(), result instanceof ReadResult.Records);
                } else if (result instanceof ReadResult.Nothing) {
                    if (!wakeUps.tryAcquire(HEARTBEAT_SECONDS, TimeUnit.SECONDS)) {
                        send(events, List.of(), false);
                    }
                    wakeUps.drainPermits();
                    result = read(reader);
                } else {
                    finish(events, result);
                    return;
                }
            }
        }
    }

    /** Where records were deleted for their age, goes on behind them. */
    private static ReadResult read(ShardReader reader) {
        ReadResult result = reader.read(MAX_RECORDS, MAX_EVENT_BYTES);
        while (result instanceof ReadResult.Trimmed) {
            result = reader.read(MAX_RECORDS, MAX_EVENT_BYTES);
        }
        return result;
    }

    private void send(EventStream events, List<Record> records, boolean more) throws IOException {
        long behind = 0;
        if (!records.isEmpty()) {
            Record last = records.get(records.size() - 1);
            continuation = last.sequenceNumber();
            behind = more ? Math.max(0, clock.millis() - last.approximateArrivalMillis()) : 0;
        }
        Reply event = events.event();
        GetRecords.records(event, records);
        event.text("ContinuationSequenceNumber", continuation.toString()).number("MillisBehindLatest", behind);
        events.send("SubscribeToShardEvent", event);
    }

    private void finish(EventStream events, ReadResult result) throws IOException {
        if (result instanceof ReadResult.ShardEnded) {
            try {
                Reply event = events.event();
                GetRecords.records(event, List.of());
                event.number("MillisBehindLatest", 0);
                ShardEnd.tell(event, names.existing(start.stream()), start.shardId());
                events.send("SubscribeToShardEvent", event);
            } catch (KinesisException e) {
                events.fail(e.errorCode(), String.valueOf(e.getMessage()));
            }
        } else if (result instanceof ReadResult.StreamGone) {
            KinesisException gone = names.find(start.stream()).isPresent()
                    ? names.consumerNotFound(start.consumer().arn())
                    : names.notFound(start.stream());
            events.fail(gone.errorCode(), String.valueOf(gone.getMessage()));
        } else {
            events.fail("InternalFailureException", ((ReadResult.Unavailable) result).reason());
        }
    }
}
