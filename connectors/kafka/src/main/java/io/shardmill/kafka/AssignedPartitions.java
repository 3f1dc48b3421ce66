package io.shardmill.kafka;

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
    private final Map<String, Position> positions = new HashMap<>();
    private boolean isKnown;

    AssignedPartitions(OffsetMark mark) {
        this.mark = mark;
    }

    /** The group has assigned these, too, perhaps none. */
    void add(Collection<TopicPartition> partitions) {
        isKnown = true;
        undecided.addAll(partitions);
        revoked.removeAll(partitions);
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

    /** Returns those of which the group's offset is not known yet. */
    Set<TopicPartition> undecided() {
        return Set.copyOf(undecided);
    }

    /** Decides where partitions begin; those without an offset that counts begin where their rows say. */
    void decide(Map<TopicPartition, OffsetAndMetadata> committed) {
        for (TopicPartition partition : undecided) {
            Position position = mark.position(committed.get(partition));
            if (position != null) {
                positions.put(Partitions.shard(partition), position);
            }
            owned.add(partition);
        }
        undecided.clear();
    }

    /** Returns those that may be read. */
    Set<TopicPartition> owned() {
        return owned;
    }

    /** Returns whether the partition has begun where the group's offset said. */
    boolean begun(TopicPartition partition) {
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
