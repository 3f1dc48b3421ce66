package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.length;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.MemoryPool;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.Record;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads on from an iterator: up to 10,000 records and 10 MiB (spec 10.3), fewer while many answers are sent. */
final class GetRecords {

    private static final int MAX_RECORDS = 10_000;
    private static final int MAX_BYTES = 10 << 20;

    /** What a record takes beside its data and key, about. */
    private static final int RECORD_BYTES = 256;

    private static final Member<String> ITERATOR = Member.text("ShardIterator", length(1, 512));
    private static final Shape INPUT = Shape.of(ITERATOR.required(), KinesisMembers.LIMIT);

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Clock clock;
    private final MemoryPool memory;
    private final @Nullable ReadThroughput throughput;

    /** @param throughput null if it is not limited */
    GetRecords(
            EmbeddedStreams streams,
            StreamNames names,
            Clock clock,
            MemoryPool memory,
            @Nullable ReadThroughput throughput) {
        this.streams = streams;
        this.names = names;
        this.clock = clock;
        this.memory = memory;
        this.throughput = throughput;
    }

    Operation<Action> operation() {
        return new Operation<>("GetRecords", INPUT, this::get);
    }

    private AwsResponse get(Members request, Exchange exchange) {
        ShardIterator iterator = ShardIterator.of(request.require(ITERATOR), clock.millis());
        StreamInfo stream = names.existing(iterator.stream());
        if (!stream.incarnation().equals(iterator.incarnation())) {
            throw ShardIterator.invalid();
        }
        StreamInfo.ShardInfo unused = names.existingShard(stream, iterator.shardId());
        int records = request.get(KinesisMembers.LIMIT, MAX_RECORDS);
        MemoryPool.Share share = memoryFor(stream.maxRecordBytes(), records);
        try {
            ShardPage page = read(iterator, records, (int) share.bytes());
            int bytes = bytes(page.records());
            share.shrinkTo(bytes);
            boolean unusedGrowth = share.growTo(bytes);
            return exchange.success(share, members(iterator, page));
        } catch (RuntimeException | Error e) {
            share.close();
            throw e;
        }
    }

    /** Takes what the largest record needs, and up to half of what is free, so that there is something for the next. */
    private MemoryPool.Share memoryFor(int largest, int records) {
        long most = Math.min(MAX_BYTES, (long) records * largest);
        MemoryPool.Share share = memory.tryTake(Math.max(largest, Math.min(most, memory.free() / 2)));
        if (share == null) {
            throw KinesisErrors.throughputExceeded(
                    "Too many records are on their way to readers at the moment. Try again.");
        }
        return share;
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

    private Consumer<ResponseWriter> members(ShardIterator iterator, ShardPage page) {
        String next = page.next()
                .map(position -> iterator.at(position, clock.millis()).token())
                .orElse(null);
        StreamInfo ended = next == null ? names.existing(iterator.stream()) : null;
        return response -> {
            if (ended != null) {
                ChildShards.write(response, ended, iterator.shardId());
            }
            response.text("NextShardIterator", next).number("MillisBehindLatest", page.millisBehindLatest());
            records(response, page.records());
        };
    }

    static void records(ResponseWriter response, List<Record> records) {
        response.each(
                "Records",
                records,
                (out, record) -> out.text(
                                "SequenceNumber", record.sequenceNumber().toString())
                        .time("ApproximateArrivalTimestamp", record.approximateArrivalMillis())
                        .bytes("Data", record.bytes())
                        .text("PartitionKey", record.partitionKey()));
    }
}
