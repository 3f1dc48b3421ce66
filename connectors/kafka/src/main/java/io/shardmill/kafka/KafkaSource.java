package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.SourceType;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a stream. Its partitions are the shards: they have no parents, are never closed, and only grow in number. Each mapping
 * reads it as a consumer group of its own.
 */
final class KafkaSource implements StreamSource {

    private final String name;
    private final KafkaTopic topic;

    /** By mapping: how it has joined its group last, until it leaves. */
    private final Map<String, GroupMember> members = new ConcurrentHashMap<>();

    KafkaSource(String name, KafkaTopic topic) {
        this.name = name;
        this.topic = topic;
    }

    @Override
    public String arn() {
        return topic.arn();
    }

    @Override
    public SourceType type() {
        return topic.type();
    }

    @Override
    public StreamDescription describe() {
        TopicDescription described = topic.admin().describe();
        List<ShardDescription> shards = partitions(described).stream()
                .map(partition -> new ShardDescription(Partitions.shard(partition), List.of()))
                .toList();
        return new StreamDescription(described.topicId().toString(), shards);
    }

    private List<TopicPartition> partitions(TopicDescription described) {
        return described.partitions().stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .toList();
    }

    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        List<TopicPartition> partitions = partitions(topic.admin().describe());
        Map<TopicPartition, Position> positions = new HashMap<>();
        if (position instanceof StartingPosition.Latest) {
            positions = topic.admin().ends(partitions);
        } else if (position instanceof StartingPosition.AtTimestamp at) {
            positions = topic.admin().at(partitions, at.timestamp().toEpochMilli());
        }
        Map<String, ShardStart> starts = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            starts.put(
                    Partitions.shard(partition),
                    ShardStart.from(positions.getOrDefault(partition, Position.trimHorizon())));
        }
        return starts;
    }

    /** Every partition may have the offset: only that of a topic with one is clear. */
    @Override
    public Optional<String> shardHolding(SequenceNumber number) {
        List<ShardDescription> shards = describe().shards();
        if (shards.size() > 1) {
            throw new IllegalArgumentException("Sequence number " + number + " is an offset that any of the "
                    + shards.size() + " partitions of the topic may have; replay it from a time");
        }
        TopicPartition only = new TopicPartition(topic.name(), 0);
        return isOffset(number) && isBeforeEnd(number, only) ? Optional.of(Partitions.shard(only)) : Optional.empty();
    }

    private static boolean isOffset(SequenceNumber number) {
        return number.equals(SequenceNumber.of(Math.max(0, number.lowBits())));
    }

    private boolean isBeforeEnd(SequenceNumber number, TopicPartition partition) {
        return topic.admin().ends(List.of(partition)).get(partition) instanceof Position.At end
                && end.number().isAfter(number);
    }

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        throw new IllegalStateException("a topic is read by a consumer group: ask for the stream of a mapping");
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return () -> {}; // the group tells
    }

    @Override
    public StreamSource forMapping(String mapping) {
        return new OfMapping(mapping);
    }

    /** Returns the mappings that have joined their groups and not left them. */
    Set<String> joined() {
        return Set.copyOf(members.keySet());
    }

    /** Ends what mappings have not ended. */
    void close() {
        members.values().forEach(GroupMember::close);
        members.clear();
    }

    private final class OfMapping extends ForwardingSource implements ShardGroup {

        private final String mapping;
        private final String group;

        OfMapping(String mapping) {
            super(KafkaSource.this);
            this.mapping = mapping;
            this.group = topic.group(mapping);
        }

        @Override
        public StreamSource forMapping(String other) {
            return KafkaSource.this.forMapping(other);
        }

        @Override
        public Optional<ShardGroup> group() {
            return Optional.of(this);
        }

        @Override
        public String name() {
            return group;
        }

        @Override
        public Membership join(String rows, Runnable changed) {
            String topicId = topic.admin().describe().topicId().toString();
            GroupMember member = topic.member(group, new OffsetMark(rows, topicId), changed);
            GroupMember before = members.put(mapping, member);
            if (before != null) {
                before.close();
            }
            member.start();
            return new JoinedGroup(member, () -> members.remove(mapping, member));
        }

        @Override
        public ShardReader open(String shardId, Position from, Runnable wake) {
            @Nullable GroupMember member = members.get(mapping);
            if (member == null || member.isClosing()) {
                throw new IllegalStateException("consumer group '" + group + "' was left");
            }
            int partition = Partitions.number(topic.name(), shardId);
            return member.open(new Shard(name, shardId), new TopicPartition(topic.name(), partition), from, wake);
        }
    }
}
