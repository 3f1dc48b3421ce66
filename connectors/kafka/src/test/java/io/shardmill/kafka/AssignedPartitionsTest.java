package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.stream.Position;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignedPartitionsTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final OffsetAndMetadata OF_ANOTHER = new OffsetMark("other", "id").on(7, null, "");

    private static final OffsetMark MARK = new OffsetMark("own", "id");
    private static final OffsetAndMetadata OWN = MARK.on(7, null, "");

    private final AssignedPartitions partitions = new AssignedPartitions(MARK);

    private void assign(TopicPartition partition) {
        partitions.add(Set.of(partition));
        partitions.decide(Set.of(partition), Map.of(partition, OF_ANOTHER));
    }

    private Set<String> positioned() {
        return partitions.snapshot(false).positions().keySet();
    }

    @Test
    void offsets_of_others_say_where_partitions_begin() {
        assign(FIRST);
        assertThat(positioned()).containsExactly(Partitions.shard(FIRST));
    }

    @Test
    void a_reader_is_outdated_by_an_offset_of_others_only() {
        assign(FIRST);
        assertThat(partitions.isOutdated(FIRST, Position.trimHorizon())).isTrue();
        partitions.add(Set.of(SECOND));
        partitions.decide(Set.of(SECOND), Map.of(SECOND, OWN));
        assertThat(positioned()).contains(Partitions.shard(SECOND));
        assertThat(partitions.isOutdated(SECOND, Position.trimHorizon())).isFalse();
    }

    @Test
    void rows_that_were_set_before_the_first_assignment_count_more() {
        partitions.supersede();
        assign(FIRST);
        assertThat(positioned()).isEmpty();
    }

    @Test
    void rows_that_were_set_say_nothing_of_partitions_that_others_had_then() {
        assign(FIRST);
        partitions.supersede();
        assertThat(positioned()).isEmpty();
        assign(SECOND);
        assertThat(positioned()).containsExactly(Partitions.shard(SECOND));
    }

    @Test
    void rows_that_were_set_count_until_the_partition_has_begun() {
        assign(FIRST);
        assertThat(partitions.supersede()).containsOnlyKeys(FIRST);
        partitions.putBack(FIRST);
        assertThat(partitions.decide(Set.of(FIRST), Map.of(FIRST, OF_ANOTHER))).containsOnlyKeys(FIRST);
        assertThat(positioned()).isEmpty();

        partitions.begun(FIRST);
        partitions.take(Set.of(FIRST));
        assign(FIRST);
        assertThat(positioned()).containsExactly(Partitions.shard(FIRST));
    }
}
