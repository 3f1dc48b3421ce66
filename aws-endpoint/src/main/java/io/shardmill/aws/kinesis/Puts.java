package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the records of a request, as far as the shards' throughput allows it. Thread-safe. */
final class Puts {

    private static final int MAX_REQUEST_BYTES = 10 << 20;

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
    List<PutResult> put(String stream, List<PutMember> records, Prefix prefix) {
        requireSizes(stream, records, prefix);
        List<PutEntry> entries = new ArrayList<>(records.size());
        for (PutMember member : records) {
            entries.add(member.entry());
        }
        try {
            return throughput == null
                    ? streams.putAll(stream, entries)
                    : throughput.put(names.existing(stream), entries, admitted -> streams.putAll(stream, admitted));
        } catch (StreamRequestException e) {
            // The only one that a put as a whole ends in.
            throw names.notFound(stream);
        }
    }

    private void requireSizes(String stream, List<PutMember> records, Prefix prefix) {
        long total = 0;
        int largest = 0;
        for (PutMember member : records) {
            int bytes = member.bytes();
            total += bytes;
            largest = Math.max(largest, bytes);
        }
        if (largest > StreamOptions.DEFAULT_MAX_RECORD_BYTES) {
            int max = names.existing(stream).maxRecordBytes();
            Constraints constraints = new Constraints();
            for (int i = 0; i < records.size(); i++) {
                records.get(i).constrainSize(prefix.of(i), max, constraints);
            }
            constraints.check();
        }
        if (total > MAX_REQUEST_BYTES) {
            throw KinesisException.invalidArgument("Records size exceeds 10 MB limit");
        }
    }
}
