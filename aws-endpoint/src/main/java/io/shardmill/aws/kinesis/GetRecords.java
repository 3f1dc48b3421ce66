package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.ShardPage;
import io.shardmill.embedded.StreamInfo;
import io.shardmill.function.Record;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads on from an iterator: up to 10,000 records and 10 MiB (spec 10.3). */
final class GetRecords implements Action.OfMembers {

    private static final int MAX_RECORDS = 10_000;
    private static final int MAX_BYTES = 10 << 20;
    private static final int MAX_ITERATOR_LENGTH = 512;

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Clock clock;
    private final @Nullable ReadThroughput throughput;

    /** @param throughput null if it is not limited */
    GetRecords(EmbeddedStreams streams, StreamNames names, Clock clock, @Nullable ReadThroughput throughput) {
        this.streams = streams;
        this.names = names;
        this.clock = clock;
        this.throughput = throughput;
    }

    @Override
    public void answer(Members request, Reply reply) {
        String token = request.text("ShardIterator");
        Integer limit = request.number("Limit");
        new Constraints()
                .required("shardIterator", token)
                .length("shardIterator", token, 1, MAX_ITERATOR_LENGTH)
                .range("limit", limit, 1, MAX_RECORDS)
                .check();
        ShardIterator iterator = ShardIterator.of(Objects.requireNonNull(token), clock.millis());
        StreamInfo stream = names.existing(iterator.stream());
        if (!stream.incarnation().equals(iterator.incarnation())) {
            throw ShardIterator.invalid();
        }
        names.existingShard(stream, iterator.shardId());
        ShardPage page =
                throughput == null ? read(iterator, limit) : throughput.read(iterator, () -> read(iterator, limit));
        page.next()
                .ifPresentOrElse(
                        next -> reply.text(
                                "NextShardIterator",
                                iterator.at(next, clock.millis()).token()),
                        () -> ShardEnd.tell(reply, names.existing(iterator.stream()), iterator.shardId()));
        reply.number("MillisBehindLatest", page.millisBehindLatest());
        records(reply, page.records());
    }

    private ShardPage read(ShardIterator iterator, @Nullable Integer limit) {
        int maxRecords = limit == null ? MAX_RECORDS : limit;
        return streams.read(iterator.stream(), iterator.shardId(), iterator.position(), maxRecords, MAX_BYTES);
    }

    static void records(Reply reply, List<Record> records) {
        reply.each(
                "Records",
                records,
                (out, record) -> out.text(
                                "SequenceNumber", record.sequenceNumber().toString())
                        .time("ApproximateArrivalTimestamp", record.approximateArrivalMillis())
                        .bytes("Data", record.bytes())
                        .text("PartitionKey", record.partitionKey()));
    }
}
