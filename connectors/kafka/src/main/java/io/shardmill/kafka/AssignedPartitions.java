package io.shardmill.kafka;

import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardGroup.Assigned;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The partitions that a group has assigned to this process, and where they begin. Touched by the polling thread only. */
final class AssignedPartitions {

    private final OffsetMark mark;
    private final Set<TopicPartition> owned = new HashSet<>();
    private final Set<TopicPartition> undecided = new HashSet<>();
    private final Set<TopicPartition> revoked = new HashSet<>();
    private final Map<String, GroupPosition> positions = new HashMap<>();

    /** Partitions whose rows were set after the group's offsets, and that have not begun since. */
    private final Set<TopicPartition> superseded = new HashSet<>();

    /** Whether they are all that are assigned first. */
    private boolean isAllSuperseded;

    private boolean isKnown;

    AssignedPartitions(OffsetMark mark) {
        this.mark = mark;
    }

    /** The group has assigned these, too, perhaps none. */
    void add(Collection<TopicPartition> partitions) {
        isKnown = true;
        undecided.addAll(partitions);
    }

    /** The group has taken these away. */
    void take(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            owned.remove(partition);
            undecided.remove(partition);
            positions.remove(Partitions.shard(partition));
            revoked.add(partition);
        }
    }

    /** This process has left the group. */
    void left() {
        isKnown = false;
    }

    /**
     * Returns those of which the group's offset is not known yet. One that came back while a reader of before is open is none of them:
     * that knows nothing of what others have done meanwhile.
     */
    Set<TopicPartition> undecided(Set<TopicPartition> read) {
        Set<TopicPartition> decidable = new HashSet<>(undecided);
        decidable.removeAll(read);
        return decidable;
    }

    /**
     * Decides where these begin; those without an offset that counts begin where their rows say.
     *
     * @param committed the group's offsets of those that have one
     */
    void decide(Set<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> committed) {
        for (TopicPartition partition : partitions) {
            GroupPosition position = mark.position(committed.get(partition));
            if (position != null && !isAllSuperseded && !superseded.contains(partition)) {
                positions.put(Partitions.shard(partition), position);
            }
        }
        if (isAllSuperseded) {
            superseded.addAll(partitions);
            isAllSuperseded = false;
        }
        owned.addAll(partitions);
        revoked.removeAll(partitions);
        undecided.removeAll(partitions);
    }

    /** Returns whether the group's offset of the partition was set anew since somebody decided to begin it there. */
    boolean isOutdated(TopicPartition partition, Position from) {
        GroupPosition position = positions.get(Partitions.shard(partition));
        return position != null && !position.position().equals(from);
    }

    /**
     * The rows say where shards begin: they were set after the group's offsets. Of partitions that others have, and of those that have
     * begun since, offsets count again.
     */
    void supersede() {
        positions.clear();
        superseded.addAll(owned);
        superseded.addAll(undecided);
        isAllSuperseded = superseded.isEmpty();
    }

    /** The partition is assigned again when its reader is closed. */
    void putBack(TopicPartition partition) {
        take(Set.of(partition));
        undecided.add(partition);
    }

    /** Returns those that may be read. */
    Set<TopicPartition> owned() {
        return owned;
    }

    /** Returns whether the partition has begun where the group's offset said. */
    boolean begun(TopicPartition partition) {
        superseded.remove(partition);
        return positions.remove(Partitions.shard(partition)) != null;
    }

    /** @param isCutOff whether others may have all of them */
    Assigned snapshot(boolean isCutOff) {
        Set<String> shards = new HashSet<>();
        Set<String> away = new HashSet<>();
        revoked.forEach(partition -> away.add(Partitions.shard(partition)));
        owned.forEach(partition -> (isCutOff ? away : shards).add(Partitions.shard(partition)));
        return new Assigned(isKnown, shards, away, positions);
    }
}
