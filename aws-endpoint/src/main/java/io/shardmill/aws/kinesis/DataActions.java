package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The actions that carry records, by their names. */
final class DataActions {

    private DataActions() {}

    /** @param memory bytes that records may take in answers to GetRecords, and as many in subscriptions' events */
    static Map<String, Action> of(EmbeddedStreams streams, KinesisSettings settings, long memory) {
        StreamNames names = new StreamNames(streams);
        boolean limited = settings.throughputLimits();
        @Nullable WriteThroughput writes = limited ? new WriteThroughput(settings.clock(), names.account()) : null;
        @Nullable ReadThroughput reads = limited ? new ReadThroughput(settings.clock(), names.account()) : null;
        Puts puts = new Puts(streams, names, writes);
        StartingPositions positions = new StartingPositions(streams, names, settings.clock());
        return Map.of(
                "PutRecord", new PutRecord(names, puts),
                "PutRecords", new PutRecords(names, puts),
                "GetShardIterator", new GetShardIterator(names, positions, settings.clock()),
                "GetRecords", new GetRecords(streams, names, settings.clock(), new AnswerMemory(memory), reads),
                "SubscribeToShard", new SubscribeToShard(streams, names, positions, settings.clock(), memory));
    }
}
