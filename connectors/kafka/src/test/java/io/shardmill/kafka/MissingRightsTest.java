package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A principal that must not read a group or a topic, until it may. */
class MissingRightsTest extends TopicTest {

    private final EventSourceMapping orders = EventSourceMapping.of("orders", topic);

    private void set(AclPermissionType permission, AclOperation operation, ResourceType type, String name) {
        AclBinding right = new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
        get(broker.admin().createAcls(Set.of(right)).all());
    }

    private void deny(ResourceType type, String name) {
        set(AclPermissionType.DENY, AclOperation.READ, type, name);
    }

    @AfterEach
    void allow() {
        get(broker.admin().deleteAcls(Set.of(AclBindingFilter.ANY)).all());
    }

    private static MappingStatus status(Application application) {
        return application.mappings().describe("orders").join();
    }

    private void isShownUntilItIsGranted(Application application, String problem) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(Objects.toString(status(application).problem(), "")).contains(problem, "; give the client's");
            assertThat(status(application).configuration().lastProcessingResult())
                    .contains(problem);
        });
        assertThat(application.texts()).isEmpty();

        allow();
        drained(application);
        assertThat(application.texts()).containsExactlyInAnyOrderElementsOf(texts(1, 10));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status(application).problem()).isNull());
        assertThat(status(application).configuration().lastProcessingResult()).isEqualTo("OK");
    }

    @Test
    void of_the_group_are_the_mappings_problem() {
        broker.createTopic(topic, 1);
        deny(ResourceType.GROUP, group);
        try (Application application = new Application(topic)) {
            put(application, 1, 10);
            application.start(orders);
            isShownUntilItIsGranted(application, "Not authorized to access group: " + group);
        }
    }

    @Test
    void of_the_topic_are_the_mappings_problem() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic)) {
            put(application, 1, 10);
            deny(ResourceType.TOPIC, topic);
            application.start(orders);
            isShownUntilItIsGranted(
                    application,
                    "topic '" + topic + "' on " + broker.bootstrapServers() + " can't be asked: TopicAuth");
        }
    }

    @Test
    void of_reading_the_topic_are_the_mappings_problem_for_as_long_as_they_are_missing() {
        broker.createTopic(topic, 1);
        try (Application application = new Application(topic)) {
            put(application, 1, 10);
            set(AclPermissionType.ALLOW, AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
            deny(ResourceType.TOPIC, topic);
            application.start(orders);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status(application).problem() != null);
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(4))
                    .until(() -> status(application).problem() != null);
            isShownUntilItIsGranted(application, "Not authorized to access topics: [" + topic + "]");
        }
    }
}
