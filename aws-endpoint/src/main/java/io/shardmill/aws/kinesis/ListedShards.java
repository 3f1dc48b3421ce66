package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A stream's shards as they may be listed, by id: those whose records have all expired are not, even if they are
 * still stored.
 *
 * @param horizon nothing older is kept
 */
record ListedShards(List<ShardInfo> shards, Instant horizon) {

    static ListedShards of(StreamInfo stream, Instant now) {
        Instant horizon = now.minus(stream.retention());
        return new ListedShards(
                stream.shards().stream()
                        .filter(shard -> shard.lifetime().reaches(horizon))
                        .toList(),
                horizon);
    }

    ListedShards where(Predicate<ShardInfo> condition) {
        return new ListedShards(shards.stream().filter(condition).toList(), horizon);
    }

    /** Those that took records at the horizon: no listed shard comes before them. */
    ListedShards oldest() {
        Set<String> ids = shards.stream().map(ShardInfo::id).collect(Collectors.toSet());
        return where(shard -> shard.parents().stream().noneMatch(ids::contains));
    }

    /** Those that took records at that time, or at the horizon if that is later. */
    ListedShards openAt(Instant time) {
        ListedShards oldest = oldest();
        if (!time.isAfter(horizon)) {
            return oldest;
        }
        Set<ShardInfo> first = Set.copyOf(oldest.shards);
        return from(time)
                .where(shard ->
                        first.contains(shard) || !shard.lifetime().created().isAfter(time));
    }

    /** Those that took records at that time or later. */
    ListedShards from(Instant time) {
        return where(shard -> shard.lifetime().reaches(time));
    }

    static void write(ResponseWriter response, ShardInfo shard) {
        List<String> parents = shard.parents();
        response.text("ShardId", shard.id())
                .text("ParentShardId", parents.isEmpty() ? null : parents.get(0))
                .text("AdjacentParentShardId", parents.size() < 2 ? null : parents.get(1))
                .object(
                        "HashKeyRange",
                        () -> response.text(
                                        "StartingHashKey",
                                        shard.startingHashKey().toString())
                                .text("EndingHashKey", shard.endingHashKey().toString()))
                .object(
                        "SequenceNumberRange",
                        () -> response.text(
                                        "StartingSequenceNumber",
                                        shard.startingSequenceNumber().toString())
                                .text(
                                        "EndingSequenceNumber",
                                        shard.endingSequenceNumber()
                                                .map(Object::toString)
                                                .orElse(null)));
    }
}
