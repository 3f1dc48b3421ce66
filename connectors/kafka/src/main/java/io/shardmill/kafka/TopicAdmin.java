package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a cluster about one topic. Thread-safe; all but {@link #id} and {@link #askEnds} block. */
final class TopicAdmin {

    private final Supplier<Admin> admin;
    private final String topic;
    private final String bootstrapServers;
    private final IsolationLevel isolation;

    /**
     * @param admin gives the client, which is made when it is first needed
     * @param isolation of those who read: where the end is for them
     */
    TopicAdmin(Supplier<Admin> admin, String topic, String bootstrapServers, IsolationLevel isolation) {
        this.admin = admin;
        this.topic = topic;
        this.bootstrapServers = bootstrapServers;
        this.isolation = isolation;
    }

    /**
     * Describes the topic.
     *
     * @throws StreamNotFoundException if there is none
     * @throws StreamUnavailableException if nobody answers
     */
    TopicDescription describe() {
        return answer(this::description);
    }

    /** Returns the topic's id, in time. */
    KafkaFuture<String> id() {
        return description().thenApply(topic -> topic.topicId().toString());
    }

    private KafkaFuture<TopicDescription> description() {
        return Objects.requireNonNull(
                admin.get().describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    /**
     * Returns the positions after the last records. Who reads only what is committed has not seen those of an open transaction, nor
     * what is after its first: all that is committed from now on comes after the position.
     */
    Map<TopicPartition, Position> ends(List<TopicPartition> partitions) {
        return positions(offsets(partitions, OffsetSpec.latest()));
    }

    /** Returns the ends of partitions, each in time: a leader that doesn't answer holds up no other. */
    Map<TopicPartition, KafkaFuture<Long>> askEnds(Set<TopicPartition> partitions) {
        ListOffsetsResult asked = list(partitions, OffsetSpec.latest());
        return partitions.stream()
                .collect(Collectors.toMap(
                        partition -> partition,
                        partition -> asked.partitionResult(partition).thenApply(ListOffsetsResultInfo::offset)));
    }

    /** Returns the positions of the first records with a timestamp of at least this; after the last record where there is none. */
    Map<TopicPartition, Position> at(List<TopicPartition> partitions, long timestamp) {
        // In this order: a record that is put in between is found, or is beyond the end.
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> found = offsets(partitions, OffsetSpec.forTimestamp(timestamp));
        found.replaceAll((partition, offset) -> offset < 0 ? ends.getOrDefault(partition, 0L) : offset);
        return positions(found);
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, ListOffsetsResultInfo> answered =
                answer(() -> list(partitions, spec).all());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answered.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    private ListOffsetsResult list(Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        return admin.get().listOffsets(asked, new ListOffsetsOptions(isolation));
    }

    private static Map<TopicPartition, Position> positions(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        offsets.forEach((partition, offset) -> positions.put(partition, Position.at(SequenceNumber.of(offset))));
        return positions;
    }

    private <T> T answer(Supplier<KafkaFuture<T>> question) {
        try {
            return question.get().get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof UnknownTopicOrPartitionException || cause instanceof InvalidTopicException) {
                throw new StreamNotFoundException("topic '" + topic + "' does not exist on " + bootstrapServers
                        + "; create it, for example with kafka-topics.sh --create --topic " + topic
                        + " --partitions 6 --bootstrap-server " + bootstrapServers);
            }
            throw unavailable(cause == null ? failed : cause);
        } catch (KafkaException failure) { // the client can't be made
            throw unavailable(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable(interrupted);
        }
    }

    private StreamUnavailableException unavailable(Throwable cause) {
        String reason = ClientFailure.describe(cause);
        return new StreamUnavailableException(
                "topic '" + topic + "' on " + bootstrapServers + " can't be asked: "
                        + (cause instanceof TimeoutException
                                ? "no broker answers (" + reason
                                        + "); check the bootstrap servers, security.protocol and the network"
                                : reason),
                cause);
    }
}
