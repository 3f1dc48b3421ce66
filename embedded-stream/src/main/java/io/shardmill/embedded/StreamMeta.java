package io.shardmill.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What is stored of a stream beside its records.
 *
 * @param incarnation differs for a stream created again under its name; its folder is named after it
 * @param nextShard the index of the next shard to be made; indexes are never used again
 * @param shards those not yet expired, by rising index
 */
record StreamMeta(
        String name,
        String incarnation,
        int maxRecordBytes,
        Duration retention,
        int nextShard,
        List<ShardMeta> shards) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

    StreamMeta {
        shards = List.copyOf(shards);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The name alone would not do: file systems may ignore case, and a deleted stream's files may linger. */
    String folderName() {
        return name + "-" + incarnation;
    }

    /** Whether such a shard was once in this stream, even if it has expired. */
    boolean hasHad(String shardId) {
        int index = SequenceNumbers.shardIndex(shardId);
        return index >= 0 && index < nextShard;
    }

    /** The ids of each shard's children, by the parent's index. */
    Map<Integer, List<String>> children() {
        Map<Integer, List<String>> children = new HashMap<>();
        for (ShardMeta shard : shards) {
            for (int parent : shard.parents()) {
                children.computeIfAbsent(parent, index -> new ArrayList<>()).add(shard.id());
            }
        }
        return children;
    }

    StreamMeta withMaxRecordBytes(int bytes) {
        return new StreamMeta(name, incarnation, bytes, retention, nextShard, shards);
    }

    StreamMeta withRetention(Duration kept) {
        return new StreamMeta(name, incarnation, maxRecordBytes, kept, nextShard, shards);
    }

    StreamMeta without(Predicate<ShardMeta> expired) {
        return withShards(shards.stream().filter(expired.negate()).toList(), nextShard);
    }

    /** Replaces every shard by what {@code change} makes of it and adds the children. */
    StreamMeta resharded(UnaryOperator<ShardMeta> change, List<ShardMeta> children) {
        List<ShardMeta> changed = new ArrayList<>(shards);
        changed.replaceAll(change);
        changed.addAll(children);
        return withShards(changed, nextShard + children.size());
    }

    private StreamMeta withShards(List<ShardMeta> changed, int next) {
        return new StreamMeta(name, incarnation, maxRecordBytes, retention, next, changed);
    }
}
