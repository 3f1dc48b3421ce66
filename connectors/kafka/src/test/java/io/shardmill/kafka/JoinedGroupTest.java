package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.stream.ShardGroup;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which members a topic remembers. */
class JoinedGroupTest extends TopicTest {

    @Test
    void a_member_that_has_left_is_forgotten_and_one_that_came_after_it_is_not() {
        broker.createTopic(topic, 1);
        try (KafkaStreams streams = Application.streams(topic, Map.of())) {
            KafkaSource source = (KafkaSource) streams.find(topic).orElseThrow();
            ShardGroup orders = source.forMapping("orders").group().orElseThrow();
            ShardGroup.Membership first = orders.join("store", () -> {});
            ShardGroup.Membership second = orders.join("store", () -> {});
            first.close();
            assertThat(source.joined()).containsExactly("orders");

            second.close();
            assertThat(source.joined()).isEmpty();
        }
    }
}
