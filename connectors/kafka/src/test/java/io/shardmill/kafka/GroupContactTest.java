package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class GroupContactTest {

    /** Kafka's own consumer for tests, whose last heartbeat was two hours ago. */
    private static final class Silent extends MockConsumer<byte[], byte[]> {

        private static final MetricName AGE =
                new MetricName("last-heartbeat-seconds-ago", "consumer-coordinator-metrics", "", Map.of());

        private Silent() {
            super("none");
        }

        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            return Map.of(AGE, new Metric() {
                @Override
                public MetricName metricName() {
                    return AGE;
                }

                @Override
                public Object metricValue() {
                    return 7_200.0;
                }
            });
        }
    }

    @Test
    void a_member_that_has_sent_no_heartbeat_for_long_has_lost_contact() {
        GroupContact contact = new GroupContact(new Silent(), Duration.ZERO);
        contact.begin();
        assertThat(contact.isLost()).isTrue();
    }

    @Test
    void one_that_has_just_joined_has_not() {
        GroupContact contact = new GroupContact(new Silent(), Duration.ofHours(1));
        contact.begin();
        assertThat(contact.isLost()).isFalse();
    }
}
