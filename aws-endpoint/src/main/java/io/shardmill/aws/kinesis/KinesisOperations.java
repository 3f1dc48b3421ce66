package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.MemoryPool;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.embedded.EmbeddedStreams;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All operations of Kinesis that there are here. */
final class KinesisOperations {

    private KinesisOperations() {}

    /** @param memory bytes that records may take in responses to GetRecords, and as many in subscriptions' events */
    static List<Operation<Action>> of(EmbeddedStreams streams, KinesisSettings settings, long memory) {
        StreamNames names = new StreamNames(streams);
        Consumers consumers = new Consumers(streams, names);
        ShardLimit limit = new ShardLimit(names);
        List<Operation<Action>> operations = new ArrayList<>();
        operations.addAll(new StreamLifecycle(streams, names, limit).operations());
        operations.addAll(new StreamDescriptions(names, settings.clock()).operations());
        operations.add(new ListStreams(names, settings.clock()).operation());
        operations.addAll(new StreamChanges(streams, names).operations());
        operations.addAll(new UnsupportedActions(streams, names, settings.unsupported()).operations());
        operations.add(new ListShards(names, settings.clock()).operation());
        operations.addAll(new Resharding(streams, names, limit).operations());
        operations.addAll(consumers.operations());
        operations.add(new ListStreamConsumers(streams, names, settings.clock()).operation());
        operations.addAll(new Tagging(streams, names, consumers).operations());
        operations.addAll(records(streams, names, consumers, settings, memory));
        return operations;
    }

    /** Returns the operations that carry records. */
    private static List<Operation<Action>> records(
            EmbeddedStreams streams, StreamNames names, Consumers consumers, KinesisSettings settings, long memory) {
        boolean limited = settings.throughputLimits();
        @Nullable WriteThroughput writes = limited ? new WriteThroughput(settings.clock(), names.account()) : null;
        @Nullable ReadThroughput reads = limited ? new ReadThroughput(settings.clock(), names.account()) : null;
        Puts puts = new Puts(streams, names, writes);
        StartingPositions positions = new StartingPositions(streams, names, settings.clock());
        Subscriptions subscriptions = new Subscriptions(settings.clock(), memory);
        return List.of(
                new PutRecord(streams, names, puts).operation(),
                new PutRecords(names, puts).operation(),
                new GetShardIterator(names, positions, settings.clock()).operation(),
                new GetRecords(streams, names, settings.clock(), new MemoryPool(memory), reads).operation(),
                new SubscribeToShard(streams, names, consumers, positions, subscriptions).operation());
    }
}
