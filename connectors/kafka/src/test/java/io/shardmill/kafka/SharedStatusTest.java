package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The status of partitions that are assigned to another process, in a process with a checkpoint file of its own. */
class SharedStatusTest extends TopicTest {

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);

    @Test
    void partitions_of_another_process_are_consumed_elsewhere_and_the_group_is_named() {
        broker.createTopic(topic, 2);
        try (Application a = new Application(topic, SharedTopicTest.file(), Map.of()).start(orders);
                Application b = new Application(topic, SharedTopicTest.file(), Map.of()).start(orders)) {
            await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                assertThat(shards(a, ShardActivity.CONSUMING)).hasSize(1);
                assertThat(shards(b, ShardActivity.CONSUMED_ELSEWHERE)).isEqualTo(shards(a, ShardActivity.CONSUMING));
                assertThat(shards(a, ShardActivity.CONSUMED_ELSEWHERE)).isEqualTo(shards(b, ShardActivity.CONSUMING));
            });
            assertThat(status(a).group()).isEqualTo(group);
        }
    }

    private static MappingStatus status(Application application) {
        return application.mappings().describe("orders").join();
    }

    private static List<String> shards(Application application, ShardActivity activity) {
        return status(application).shards().stream()
                .filter(shard -> shard.activity() == activity)
                .map(MappingStatus.ShardProgress::shard)
                .toList();
    }
}
