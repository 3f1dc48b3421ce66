package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic that what is given up may not be written to, for a while. */
@Timeout(120)
class GuardedTopicDestinationTest extends TopicTest {

    private final String failed = topic + "-failed";
    private final AclBinding denial = new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, failed, PatternType.LITERAL),
            new AccessControlEntry("User:*", "*", AclOperation.WRITE, AclPermissionType.DENY));

    @AfterEach
    void allow() {
        get(broker.admin().deleteAcls(List.of(denial.toFilter())).all());
    }

    @Test
    void what_a_broker_refuses_is_kept_until_it_takes_it() {
        broker.createTopic(topic, 1);
        broker.createTopic(failed, 1);
        get(broker.admin().createAcls(List.of(denial)).all());
        try (Application application = new Application(topic)) {
            put(application, 1, 3);
            application.start(
                    EventSourceMapping.of("orders", topic)
                            .with(FailureHandling.defaults()
                                    .withMaximumRetryAttempts(0)
                                    .withDestination("kafka://" + failed)),
                    batch -> {
                        throw new IllegalStateException("all");
                    });
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(application.waitsFor())
                            .startsWith("not sent to the on-failure destination: kafka://" + failed
                                    + ": TopicAuthorizationException: "));
            assertThat(committedOffset(first)).isLessThanOrEqualTo(0);

            allow();
            drained(application);
            TopicPartition written = new TopicPartition(failed, 0);
            assertThat(get(broker.admin()
                                    .listOffsets(Map.of(written, OffsetSpec.latest()))
                                    .partitionResult(written))
                            .offset())
                    .isEqualTo(3);
        }
    }
}
