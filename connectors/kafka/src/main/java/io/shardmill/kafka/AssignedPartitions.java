package io.shardmill.kafka;

import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.GroupPosition.Origin;
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
    private final Map<TopicPartition, GroupPosition> positions = new HashMap<>();

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
            positions.remove(partition);
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
     * @return positions that don't count: rows were set since
     */
    Map<TopicPartition, GroupPosition> decide(
            Set<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> committed) {
        if (isAllSuperseded) {
            superseded.addAll(partitions);
            isAllSuperseded = false;
        }
        for (TopicPartition partition : partitions) {
            GroupPosition position = mark.position(committed.get(partition));
            if (position != null) {
                positions.put(partition, position);
            }
        }
        owned.addAll(partitions);
        revoked.removeAll(partitions);
        undecided.removeAll(partitions);
        return dropSuperseded();
    }

    /** Returns whether the group's offset of the partition was set elsewhere since somebody decided where to begin it. */
    boolean isOutdated(TopicPartition partition, Position from) {
        GroupPosition position = positions.get(partition);
        return position != null
                && position.origin() == Origin.ELSEWHERE
                && !position.position().equals(from);
    }

    /**
     * The rows say where shards begin: they were set after the group's offsets. Offsets count of partitions that others have now, and
     * again of those that have begun here since.
     *
     * @return positions that don't count any more
     */
    Map<TopicPartition, GroupPosition> supersede() {
        superseded.addAll(owned);
        superseded.addAll(undecided);
        isAllSuperseded = superseded.isEmpty();
        return dropSuperseded();
    }

    private Map<TopicPartition, GroupPosition> dropSuperseded() {
        Map<TopicPartition, GroupPosition> dropped = new HashMap<>(positions);
        dropped.keySet().retainAll(superseded);
        positions.keySet().removeAll(superseded);
        return dropped;
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

    /** Returns whether the partition had an offset that has lost its meaning now. */
    boolean begun(TopicPartition partition) {
        superseded.remove(partition);
        return positions.remove(partition) != null;
    }

    /** @param isCutOff whether others may have all of them */
    Assigned snapshot(boolean isCutOff) {
        Set<String> shards = new HashSet<>();
        Set<String> away = new HashSet<>();
        revoked.forEach(partition -> away.add(Partitions.shard(partition)));
        owned.forEach(partition -> (isCutOff ? away : shards).add(Partitions.shard(partition)));
        Map<String, GroupPosition> begins = new HashMap<>();
        positions.forEach((partition, position) -> begins.put(Partitions.shard(partition), position));
        return new Assigned(isKnown, shards, away, begins);
    }
}
