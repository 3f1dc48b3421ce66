package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whether the start waits for streams, which may take long to find out that nobody answers. */
class UnclaimedCheckpointsTest {

    private final InMemoryCheckpointStore store = new InMemoryCheckpointStore();

    /** Streams that were asked for. */
    private final List<String> asked = new ArrayList<>();

    private final UnclaimedCheckpoints unclaimed = new UnclaimedCheckpoints(
            store,
            stream -> {
                asked.add(stream);
                return Optional.empty();
            },
            "shop");

    private final MappingDefinition orders = new MappingDefinition(
            "shardmill.mappings.orders", EventSourceMapping.of("orders", "topic"), StartOptions.FROM_CHECKPOINTS);

    private void create(String namespace, String mapping) {
        store.create(
                new MappingKey(namespace, mapping, "topic", "first"),
                List.of(CheckpointRow.begin("topic-0", ShardState.READING, Position.trimHorizon(), List.of())));
    }

    @Test
    void a_stream_is_not_asked_at_a_first_start_nor_where_its_checkpoints_are_here() {
        create("elsewhere", "another");
        unclaimed.nameThoseOfOtherNamespaces(orders);
        create("shop", "orders");
        unclaimed.nameThoseOfOtherNamespaces(orders);

        assertThat(asked).isEmpty();
    }

    @Test
    void a_stream_is_asked_where_another_namespace_has_checkpoints_of_the_mapping() {
        create("elsewhere", "orders");
        unclaimed.nameThoseOfOtherNamespaces(orders);

        assertThat(asked).containsExactly("topic");
    }
}
