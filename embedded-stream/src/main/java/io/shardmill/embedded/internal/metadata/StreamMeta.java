package io.shardmill.embedded.internal.metadata;

import io.shardmill.embedded.model.StreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Describes a stream as stored, without its records.
 *
 * @param incarnation differs for a stream created again under its name; its folder is named after it
 * @param consumers registered, the oldest first
 * @param nextShard the index of the next shard to be made; indexes are never used again
 * @param shards those not yet expired, by rising index
 */
public record StreamMeta(
        String name,
        UUID incarnation,
        StreamConfig config,
        List<ConsumerMeta> consumers,
        int nextShard,
        List<ShardMeta> shards) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

    public StreamMeta {
        consumers = List.copyOf(consumers);
        shards = List.copyOf(shards);
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns the folder's name. The stream's own is not enough: file systems may ignore case, and a deleted stream's files may linger. */
    public String folderName() {
        return name + "-" + incarnation;
    }

    public int maxRecordBytes() {
        return config.maxRecordBytes();
    }

    public Duration retention() {
        return config.retention();
    }

    /** Returns whether this stream has, or once had, such a shard. */
    public boolean hasHad(String shardId) {
        int index = SequenceNumbers.shardIndex(shardId);
        return index >= 0 && index < nextShard;
    }

    /** Returns the ids of each shard's children, by the parent's index. */
    public Map<Integer, List<String>> children() {
        Map<Integer, List<String>> children = new HashMap<>();
        for (ShardMeta shard : shards) {
            for (int parent : shard.parents()) {
                children.computeIfAbsent(parent, index -> new ArrayList<>()).add(shard.id());
            }
        }
        return children;
    }

    public StreamMeta with(StreamConfig changed) {
        return new StreamMeta(name, incarnation, changed, consumers, nextShard, shards);
    }

    /** Replaces the consumer of that name, or adds it as the last. */
    public StreamMeta with(ConsumerMeta consumer) {
        List<ConsumerMeta> changed = new ArrayList<>(consumers);
        changed.replaceAll(present -> present.name().equals(consumer.name()) ? consumer : present);
        if (!changed.contains(consumer)) {
            changed.add(consumer);
        }
        return new StreamMeta(name, incarnation, config, changed, nextShard, shards);
    }

    public StreamMeta withoutConsumer(String consumer) {
        List<ConsumerMeta> changed = new ArrayList<>(consumers);
        changed.removeIf(present -> present.name().equals(consumer));
        return new StreamMeta(name, incarnation, config, changed, nextShard, shards);
    }

    public StreamMeta without(Predicate<ShardMeta> expired) {
        return withShards(shards.stream().filter(expired.negate()).toList(), nextShard);
    }

    public StreamMeta withShards(List<ShardMeta> changed, int next) {
        return new StreamMeta(name, incarnation, config, consumers, next, changed);
    }
}
