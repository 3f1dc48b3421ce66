package io.shardmill.poller.stream;

import io.shardmill.poller.stream.ShardGroup.Assigned;
import io.shardmill.poller.stream.ShardGroup.Membership;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A process in a group. It notes when one of its shards is another's, too. */
final class GroupParticipant {

    private final StreamSource source;
    private final Iterable<GroupParticipant> all;
    private final Set<String> shared = ConcurrentHashMap.newKeySet();
    private final Map<String, GroupReading> readings = new HashMap<>();
    private volatile @Nullable Membership membership;

    /** @param all that are in the group */
    GroupParticipant(StreamSource source, Iterable<GroupParticipant> all) {
        this.source = source;
        this.all = all;
    }

    void join(String store) {
        membership = source.group().orElseThrow().join(store, this::check);
    }

    /** What is assigned to this one does not change before it has returned. */
    private void check() {
        for (GroupParticipant other : all) {
            if (other != this) {
                shards().stream().filter(other.shards()::contains).forEach(shared::add);
            }
        }
    }

    /** Returns shards that were another's at the same time. */
    Set<String> shared() {
        return shared;
    }

    Assigned assigned() {
        Membership joined = membership;
        return joined == null ? Assigned.UNKNOWN : joined.assigned();
    }

    Set<String> shards() {
        return assigned().shards();
    }

    String anyShard() {
        return shards().iterator().next();
    }

    Map<String, GroupPosition> positions() {
        return assigned().positions();
    }

    /** Returns all shards of the stream. */
    Set<String> listed() {
        return source.describe().shards().stream().map(ShardDescription::id).collect(Collectors.toSet());
    }

    void ask(boolean forShards) {
        membership.ask(forShards);
    }

    void supersede() {
        membership.supersede();
    }

    GroupReading open(String shard, Position from) {
        GroupReading reading = new GroupReading(source, shard, from);
        readings.put(shard, reading);
        return reading;
    }

    /** Reads all of its shards from their beginning. */
    Map<String, GroupReading> openAll() {
        shards().forEach(shard -> open(shard, Position.trimHorizon()));
        return readings;
    }

    /** Reads nothing any more, and leaves. */
    void leave() {
        readings.values().forEach(GroupReading::close);
        readings.clear();
        membership.close();
    }
}
