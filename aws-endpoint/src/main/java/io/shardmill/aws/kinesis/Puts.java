package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.length;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Violations;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the records of a request, as far as the shards' throughput allows it. Thread-safe. */
final class Puts {

    private static final int MAX_REQUEST_BYTES = 10 << 20;
    private static final int HASH_KEY_BITS = 128;

    static final Member<String> PARTITION_KEY = Member.text("PartitionKey", length(1, 256));
    static final Member<byte[]> DATA = Member.blob("Data");
    static final Member<String> EXPLICIT_HASH_KEY = KinesisMembers.hashKey("ExplicitHashKey");

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final @Nullable WriteThroughput throughput;

    /** @param throughput null if it is not limited */
    Puts(EmbeddedStreams streams, StreamNames names, @Nullable WriteThroughput throughput) {
        this.streams = streams;
        this.names = names;
        this.throughput = throughput;
    }

    /** How a record's members are called in AWS's words. */
    interface Prefix {
        String of(int index);
    }

    /**
     * Puts the records that keep the model's constraints.
     *
     * @return one result for each, in their order
     */
    List<PutResult> put(String stream, List<Members> records, Prefix prefix) {
        requireSizes(stream, records, prefix);
        List<PutEntry> entries = new ArrayList<>(records.size());
        for (Members record : records) {
            entries.add(entry(record));
        }
        try {
            return throughput == null
                    ? streams.putAll(stream, entries)
                    : streams.putAll(stream, entries, throughput.admission(names.existing(stream)));
        } catch (StreamRequestException refused) { // as a whole: there is no such stream, or it is closed
            throw streams.list().contains(stream) ? refused : names.notFound(stream);
        }
    }

    private void requireSizes(String stream, List<Members> records, Prefix prefix) {
        long total = 0;
        int largest = 0;
        for (Members record : records) {
            int bytes = bytes(record);
            total += bytes;
            largest = Math.max(largest, bytes);
        }
        if (largest > StreamOptions.DEFAULT_MAX_RECORD_BYTES) {
            int max = names.existing(stream).maxRecordBytes();
            Violations violations = new Violations();
            for (int i = 0; i < records.size(); i++) {
                int bytes = bytes(records.get(i));
                if (bytes > max) {
                    violations.add(
                            prefix.of(i) + "data",
                            Violations.buffer(bytes),
                            "Member must have length less than or equal to " + max);
                }
            }
            violations.check();
        }
        if (total > MAX_REQUEST_BYTES) {
            throw KinesisErrors.invalidArgument("Records size exceeds 10 MB limit");
        }
    }

    /** Returns the size of data and partition key together. */
    private static int bytes(Members record) {
        return record.require(DATA).length + encodedLength(record.require(PARTITION_KEY));
    }

    /** Returns how many bytes the text has in UTF-8, without encoding it. */
    private static int encodedLength(String text) {
        return text.codePoints()
                .map(point -> point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
                .sum();
    }

    private static PutEntry entry(Members record) {
        String hashKey = record.get(EXPLICIT_HASH_KEY);
        return new PutEntry(
                record.require(PARTITION_KEY), record.require(DATA), hashKey == null ? null : onRing(hashKey));
    }

    private static BigInteger onRing(String hashKey) {
        BigInteger key = new BigInteger(hashKey);
        if (key.bitLength() > HASH_KEY_BITS) {
            throw KinesisErrors.invalidArgument(
                    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was "
                            + hashKey);
        }
        return key;
    }
}
