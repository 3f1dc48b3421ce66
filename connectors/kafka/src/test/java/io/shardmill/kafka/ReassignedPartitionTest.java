package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.GroupPosition.Origin;
import io.shardmill.poller.stream.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partition that is assigned to another member and back while an earlier invocation still runs, with Kafka's MockConsumer. */
class ReassignedPartitionTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final String SHARD = Partitions.shard(PARTITION);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final GroupMember member = new GroupMember(
            consumer,
            new GroupSettings("group", "orders", Duration.ofSeconds(10), Duration.ofMillis(1), 500, 1 << 20),
            new OffsetMark("own", "id"),
            new TopicWatch(() -> KafkaFuture.completedFuture("id"), "id"),
            new PartitionEnds(partitions -> Map.of(PARTITION, KafkaFuture.completedFuture(100L))),
            () -> {});

    @BeforeEach
    void start() {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 100L));
        member.start();
        await().until(() -> !consumer.subscription().isEmpty());
    }

    @AfterEach
    void close() {
        member.close();
    }

    private void assign(Collection<TopicPartition> partitions) {
        CountDownLatch done = new CountDownLatch(1);
        consumer.schedulePollTask(() -> {
            consumer.rebalance(partitions);
            done.countDown();
        });
        await().until(() -> done.getCount() == 0);
    }

    private PartitionReader reader() {
        PartitionReader reader =
                member.open(new Shard("orders", SHARD), PARTITION, Position.at(SequenceNumber.of(50)), () -> {});
        await().until(reader::isBegun);
        return reader;
    }

    /** Lets the polling thread go on for a while. */
    private void poll() {
        for (int polls = 0; polls < 3; polls++) {
            CountDownLatch done = new CountDownLatch(1);
            consumer.schedulePollTask(done::countDown);
            await().until(() -> done.getCount() == 0);
        }
    }

    @Test
    void it_is_assigned_when_the_reader_of_before_is_closed() {
        assign(List.of(PARTITION));
        PartitionReader before = reader();
        assign(List.of());
        assign(List.of(PARTITION));
        poll();
        assertThat(member.assigned().shards()).isEmpty();
        assertThat(member.assigned().revoked()).containsExactly(SHARD);
        assertThat(consumer.paused()).containsExactly(PARTITION); // at offset 0, which the reader must not get

        before.close();
        await().until(() -> member.assigned().shards().contains(SHARD));
        assertThat(member.assigned().revoked()).isEmpty();
        reader();
        assertThat(consumer.position(PARTITION)).isEqualTo(50);
    }

    @Test
    void what_was_finished_before_is_not_committed_over_what_others_have_done_since() {
        assign(List.of(PARTITION));
        PartitionReader before = reader();
        assign(List.of());
        before.finished(SequenceNumber.of(59), "");
        OffsetAndMetadata ofOthers = new OffsetMark("other", "id").on(80, null, "0/2=90");
        consumer.schedulePollTask(() -> consumer.commitSync(Map.of(PARTITION, ofOthers)));
        assign(List.of(PARTITION));
        before.close();
        await().until(() -> member.assigned().shards().contains(SHARD));
        poll();
        assertThat(member.assigned().positions())
                .containsEntry(
                        SHARD, new GroupPosition(Origin.ELSEWHERE, Position.at(SequenceNumber.of(80)), "0/2=90"));
        await().during(Duration.ofMillis(1_200))
                .atMost(Duration.ofSeconds(5))
                .until(() -> member.assigned().positions().containsKey(SHARD) && committed() == 80);
    }

    private long committed() {
        return consumer.committed(java.util.Set.of(PARTITION)).get(PARTITION).offset();
    }
}
