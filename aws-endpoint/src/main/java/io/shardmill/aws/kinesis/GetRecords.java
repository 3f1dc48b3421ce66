package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.Record;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads on from an iterator: up to 10,000 records and 10 MiB (spec 10.3), fewer while many answers are sent. */
final class GetRecords implements Action {

    private static final int MAX_RECORDS = 10_000;
    private static final int MAX_BYTES = 10 << 20;
    private static final int MAX_ITERATOR_LENGTH = 512;

    /** What a record takes beside its data and key, about. */
    private static final int RECORD_BYTES = 256;

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Clock clock;
    private final AnswerMemory memory;
    private final @Nullable ReadThroughput throughput;

    /** @param throughput null if it is not limited */
    GetRecords(
            EmbeddedStreams streams,
            StreamNames names,
            Clock clock,
            AnswerMemory memory,
            @Nullable ReadThroughput throughput) {
        this.streams = streams;
        this.names = names;
        this.clock = clock;
        this.memory = memory;
        this.throughput = throughput;
    }

    @Override
    public AwsResponse answer(Call call) {
        Members request = call.members();
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
        int records = limit == null ? MAX_RECORDS : limit;
        int largest = stream.maxRecordBytes();
        AnswerMemory.Share share = memory.take(largest, (int) Math.min(MAX_BYTES, (long) records * largest));
        try {
            ShardPage page = read(iterator, records, share.bytes());
            share.become(bytes(page.records()));
            return call.success(share, members(iterator, page));
        } catch (RuntimeException | Error e) {
            share.close();
            throw e;
        }
    }

    private ShardPage read(ShardIterator iterator, int maxRecords, int maxBytes) {
        Supplier<ShardPage> read =
                () -> streams.read(iterator.stream(), iterator.shardId(), iterator.position(), maxRecords, maxBytes);
        return throughput == null ? read.get() : throughput.read(iterator, read);
    }

    private static int bytes(List<Record> records) {
        int bytes = 0;
        for (Record record : records) {
            bytes += record.size() + record.partitionKey().length() + RECORD_BYTES;
        }
        return bytes;
    }

    private Consumer<Reply> members(ShardIterator iterator, ShardPage page) {
        String next = page.next()
                .map(position -> iterator.at(position, clock.millis()).token())
                .orElse(null);
        StreamInfo ended = next == null ? names.existing(iterator.stream()) : null;
        return reply -> {
            if (ended != null) {
                ShardEnd.tell(reply, ended, iterator.shardId());
            }
            reply.text("NextShardIterator", next).number("MillisBehindLatest", page.millisBehindLatest());
            records(reply, page.records());
        };
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
