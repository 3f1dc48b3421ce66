package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.MemoryPool;
import io.shardmill.aws.protocol.Wire;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamRequestException;
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
 * What one SubscribeToShard sends: records as they come, for five minutes, or until the shard ends or the consumer is
 * deregistered. It waits for the stream's wake-ups. An empty event shows that it lives: at once if there are no records
 * to begin with, and after every five seconds without any. Runs on one thread; any thread may {@link #end} it.
 */
final class Subscription {

    static final Duration LIFE = Duration.ofMinutes(5);

    private static final int HEARTBEAT_SECONDS = 5;
    private static final int MAX_RECORDS = 10_000;
    private static final int MAX_EVENT_BYTES = 256 << 10;

    /** What may be held while it is sent without being counted: an event of records that are not larger. */
    static final int ENCODED_BYTES = 2 * MAX_EVENT_BYTES;

    /** While an event is made its records, their encoded form, two copies of that, and the next record are in memory. */
    private static final long MADE_OF = 6;

    private static final ReadResult NO_OTHER = new ReadResult.Nothing(true);

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final MemoryPool memory;
    private final Start start;
    private final Clock clock;
    private final long endMillis;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean ended;
    private SequenceNumber continuation;
    private boolean isBegun;

    /**
     * Where it begins.
     *
     * @param consumer of the stream
     * @param tip of the shard before anything was read: the place to continue at while nothing was sent
     */
    record Start(StreamInfo stream, StreamConsumer consumer, String shardId, Position position, SequenceNumber tip) {}

    Subscription(EmbeddedStreams streams, StreamNames names, MemoryPool memory, Start start, Clock clock) {
        this.memory = memory;
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
            boolean goesOn = true;
            while (goesOn && !ended && clock.millis() < endMillis) {
                goesOn = sendNext(events, reader);
            }
        }
    }

    private boolean sendNext(EventStream events, ShardReader reader) throws IOException, InterruptedException {
        boolean isFirst = !isBegun;
        isBegun = true;
        ReadResult other;
        try (MemoryPool.Share share =
                memory.take(MADE_OF * Math.max(MAX_EVENT_BYTES, start.stream().maxRecordBytes()))) {
            Next next = next(events, reader);
            if (next.message().length > 0) {
                share.shrinkTo(next.message().length > ENCODED_BYTES ? next.message().length : 0);
                events.send(next.message());
                return true;
            }
            other = next.other();
        }
        if (other instanceof ReadResult.Nothing) {
            if (isFirst || !wakeUps.tryAcquire(HEARTBEAT_SECONDS, TimeUnit.SECONDS)) {
                events.send(event(events, List.of()));
            }
            wakeUps.drainPermits();
            return true;
        }
        finish(events, other);
        return false;
    }

    /** Records as they are sent, of which nothing else is kept; or what was read instead of records. */
    private record Next(byte[] message, ReadResult other) {}

    private Next next(EventStream events, ShardReader reader) {
        ReadResult result = read(reader);
        return result instanceof ReadResult.Records found
                ? new Next(event(events, found.records()), NO_OTHER)
                : new Next(new byte[0], result);
    }

    /** Reads, and skips records that retention has deleted. */
    private static ReadResult read(ShardReader reader) {
        ReadResult result = reader.read(MAX_RECORDS, MAX_EVENT_BYTES);
        while (result instanceof ReadResult.Trimmed) {
            result = reader.read(MAX_RECORDS, MAX_EVENT_BYTES);
        }
        return result;
    }

    private byte[] event(EventStream events, List<Record> records) {
        long behind = 0;
        if (!records.isEmpty()) {
            Record last = records.get(records.size() - 1);
            continuation = last.sequenceNumber();
            behind = isMore() ? Math.max(0, clock.millis() - last.approximateArrivalMillis()) : 0;
        }
        ResponseWriter event = events.event();
        GetRecords.records(event, records);
        event.text("ContinuationSequenceNumber", continuation.toString()).number("MillisBehindLatest", behind);
        return events.message("SubscribeToShardEvent", event);
    }

    /** Whether there are records behind those read last; what else there is, the next read tells. */
    private boolean isMore() {
        try {
            return !streams.read(start.stream().name(), start.shardId(), Position.after(continuation), 1, 1)
                    .records()
                    .isEmpty();
        } catch (StreamRequestException | IllegalStateException goneOrDamaged) {
            return false;
        }
    }

    private void finish(EventStream events, ReadResult result) throws IOException {
        if (result instanceof ReadResult.ShardEnded) {
            try {
                ResponseWriter event = events.event();
                GetRecords.records(event, List.of());
                event.number("MillisBehindLatest", 0);
                ChildShards.write(event, names.existing(start.stream().name()), start.shardId());
                events.send("SubscribeToShardEvent", event);
            } catch (AwsException e) {
                events.fail(e.error().code(), e.error().message());
            }
        } else if (result instanceof ReadResult.StreamGone) {
            AwsException gone = names.find(start.stream().name()).isPresent()
                    ? names.consumerNotFound(start.consumer().arn())
                    : names.notFound(start.stream().name());
            events.fail(gone.error().code(), gone.error().message());
        } else {
            events.fail("InternalFailureException", ((ReadResult.Unavailable) result).reason());
        }
    }
}
