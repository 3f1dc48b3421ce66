package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** Processes in a consumer group of Kafka's newer protocol, in which the broker assigns the partitions. */
@Tag("long")
class ConsumerProtocolTest extends ConsumerGroupTest {

    @Override
    Map<String, Object> consumer() {
        Map<String, Object> properties = new HashMap<>(super.consumer());
        properties.put("group.protocol", "consumer");
        return properties;
    }

    @AfterEach
    void it_was_the_newer_protocol() {
        ConsumerGroupDescription group = TestTopic.get(TestBroker.shared()
                .admin()
                .describeConsumerGroups(List.of(GROUP))
                .describedGroups()
                .get(GROUP));
        assertThat(group.type()).isEqualTo(GroupType.CONSUMER);
    }
}
