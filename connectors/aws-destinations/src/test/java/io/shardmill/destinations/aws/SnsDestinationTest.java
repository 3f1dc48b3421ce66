package io.shardmill.destinations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.runtime.DescribedFault;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Spec chapter 14, case 75, with a stand-in for SNS. */
class SnsDestinationTest {

    private static final String TOPIC = "arn:aws:sns:ap-south-1:123456789012:discarded";

    private final SnsStandIn sns = new SnsStandIn();
    private final AwsDestinations destinations =
            new AwsDestinations(Batches.settings().with(DestinationService.SNS, sns.uri()));
    private final OnFailureDestination topic = destinations.find(TOPIC).orElseThrow();

    @AfterEach
    void close() {
        destinations.close();
        sns.close();
    }

    @Test
    void case_75_a_topic_gets_the_same_document_as_a_queue_in_the_region_of_its_arn() throws Exception {
        sns.create(TOPIC);
        topic.send(Batches.ofOne());
        assertThat(sns.published()).containsExactly(new SnsStandIn.Published(TOPIC, "ap-south-1", Batches.DOCUMENT));
    }

    @Test
    void a_topic_that_is_not_there_refuses() {
        assertThatThrownBy(() -> topic.send(Batches.ofOne())).hasMessageStartingWith(TOPIC + ": Topic does not exist");
    }

    @Test
    void a_topic_that_denies_access_refuses_and_is_asked_once() {
        sns.denies(true);
        assertThatThrownBy(() -> topic.send(Batches.ofOne()))
                .hasMessageStartingWith(TOPIC + ": User is not authorized to perform: SNS:Publish")
                .isInstanceOfSatisfying(
                        DescribedFault.class,
                        refused -> assertThat(refused.describe(false))
                                .isEqualTo(TOPIC + ": AuthorizationError (status 403)"));
        assertThat(sns.requests()).isOne();
    }

    /** Credentials that hold something open, as those of an assumed role do. */
    private static final class Assumed implements AwsCredentialsProvider, AutoCloseable {

        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public AwsCredentials resolveCredentials() {
            return AwsBasicCredentials.create("AKID", "secret");
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    @Test
    void closing_the_destinations_leaves_credentials_open_that_others_may_use() throws Exception {
        sns.create(TOPIC);
        try (Assumed credentials = new Assumed()) {
            AwsSettings settings = Batches.settings().with(credentials).with(DestinationService.SNS, sns.uri());
            try (AwsDestinations closing = new AwsDestinations(settings)) {
                closing.find(TOPIC).orElseThrow().send(Batches.ofOne());
            }
            assertThat(credentials.closed).isFalse();
        }
        assertThat(sns.published()).hasSize(1);
    }
}
