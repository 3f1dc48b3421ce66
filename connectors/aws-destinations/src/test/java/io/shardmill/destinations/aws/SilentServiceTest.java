package io.shardmill.destinations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.destination.OnFailureDestination;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that accepts requests and never responds. */
class SilentServiceTest {

    private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:discarded";
    private static final Duration LONG = Duration.ofMinutes(1);

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
    void an_interrupted_send_ends_with_its_attempt_and_the_next_one_is_none_the_worse() throws Exception {
        sns.create(TOPIC);
        sns.silent(true);
        FutureTask<Void> send = new FutureTask<>(() -> {
            topic.send(Batches.ofOne());
            return null;
        });
        Thread thread = new Thread(send);
        thread.start();
        await().atMost(LONG).until(() -> sns.requests() == 1);
        thread.interrupt();
        assertThatThrownBy(send::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(TOPIC);
        assertThat(sns.requests()).isOne();

        sns.silent(false);
        topic.send(Batches.ofOne());
        assertThat(sns.published()).hasSize(1);
    }

    @Test
    void a_thread_that_is_interrupted_already_sends_nothing() throws Exception {
        sns.create(TOPIC);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> topic.send(Batches.ofOne())).isInstanceOf(IOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(sns.published()).isEmpty();
        topic.send(Batches.ofOne());
        assertThat(sns.published()).hasSize(1);
    }
}
