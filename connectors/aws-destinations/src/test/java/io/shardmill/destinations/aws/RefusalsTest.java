package io.shardmill.destinations.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.monitoring.ShardObservers;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.RealEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An engine whose mapping names a destination on AWS: spec chapter 14, cases 79, 80 and 102. */
class RefusalsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String QUEUE = "arn:aws:sqs:eu-west-1:123456789012:discarded";
    private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:discarded";
    private static final String BUCKET = "arn:aws:s3:::discarded";
    private static final ElasticMq SQS = new ElasticMq();

    private final SnsStandIn sns = new SnsStandIn();
    private final HttpStandIn silent = new HttpStandIn();
    private final Counts counts = new Counts();
    private final Refusals refusals = new Refusals();
    private AwsDestinations destinations;
    private RealEngine engine;
    private FakeStream stream;

    /** Why batches were refused. */
    private static final class Refusals implements ShardObserver {

        final List<String> reasons = new CopyOnWriteArrayList<>();

        @Override
        public void destinationRefused(DiscardedBatch batch, Throwable failure) {
            reasons.add(failure.getMessage());
        }
    }

    /** An engine with a function that fails whenever there is a 1 in its batch, and a stream with one shard. */
    private void engine(AwsSettings settings) {
        destinations = new AwsDestinations(settings);
        engine = new RealEngine(4, destinations, new ShardObservers(List.of(counts, refusals)));
        stream = engine.stream("orders", 1);
        engine.function("orders", batch -> {
            if (batch.stream().anyMatch(record -> record.text().startsWith("1"))) {
                throw new IllegalStateException("1");
            }
            return engine.remember(batch);
        });
    }

    @AfterEach
    void close() {
        engine.close();
        destinations.close();
        sns.close();
        silent.close();
    }

    @AfterAll
    static void stop() {
        SQS.close();
    }

    private static EventSourceMapping mapping(FailureHandling rules) {
        return EventSourceMapping.of("orders", "orders")
                .with(Batching.defaults().withBatchSize(3))
                .with(rules.withMaximumRetryAttempts(0));
    }

    private static EventSourceMapping mapping(String destination) {
        return mapping(FailureHandling.defaults().withDestination(destination));
    }

    private void put(String... texts) {
        for (String text : texts) {
            stream.put(text);
        }
    }

    private void drained() {
        assertThat(engine.mappings().awaitDrained(LONG)).isTrue();
    }

    @Test
    void case_79_and_102_what_a_missing_queue_did_not_take_is_dropped_and_not_sent_again_and_the_shard_goes_on() {
        engine(Batches.settings().with(DestinationService.SQS, SQS.uri()));
        put("1", "2", "3", "4");
        engine.start(mapping(QUEUE));
        drained();

        assertThat(engine.delivered()).containsExactly("4");
        assertThat(counts.refusals()).isEqualTo(1);
        assertThat(counts.dropped()).isEqualTo(3);
        assertThat(counts.delivered()).isZero();
        assertThat(refusals.reasons).singleElement().asString().startsWith(QUEUE + ": ");

        SQS.create("discarded");
        put("1");
        drained();
        assertThat(counts.delivered()).isEqualTo(1);
        assertThat(SQS.take("discarded")).singleElement().asString().contains("\"batchSize\":1,");
        SQS.delete("discarded");
    }

    @Test
    void case_102_what_a_topic_that_denies_access_did_not_take_is_dropped() {
        engine(Batches.settings().with(DestinationService.SNS, sns.uri()));
        sns.create(TOPIC);
        sns.denies(true);
        put("1", "2", "3", "4");
        engine.start(mapping(TOPIC));
        drained();

        sns.denies(false);
        put("5");
        drained();
        assertThat(engine.delivered()).containsExactly("4", "5");
        assertThat(counts.refusals()).isEqualTo(1);
        assertThat(counts.dropped()).isEqualTo(3);
        assertThat(counts.delivered()).isZero();
        assertThat(sns.requests()).isEqualTo(1);
    }

    @Test
    void case_79_services_that_never_answer_or_never_read_refuse_with_a_reason_before_the_engine_interrupts()
            throws Exception {
        try (ServerSocket deaf = new ServerSocket()) {
            deaf.setReceiveBufferSize(8_192);
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            silent.silent(true);
            engine(Batches.settings()
                    .with(DestinationService.SQS, silent.uri())
                    .with(DestinationService.SNS, silent.uri())
                    .with(DestinationService.S3, URI.create("http://127.0.0.1:" + deaf.getLocalPort())));
            for (String destination : List.of(QUEUE, TOPIC, BUCKET)) {
                String name = destination.split(":", -1)[2];
                FakeStream stream = engine.stream(name, 1);
                stream.put("1" + "0".repeat(destination.equals(BUCKET) ? 4 << 20 : 0)); // more than sockets buffer
                stream.put("2");
                engine.start(new EventSourceMapping(
                        name,
                        EventSourceMapping.of(name, name).source(),
                        "orders",
                        Batching.defaults().withBatchSize(1),
                        mapping(destination).failureHandling()));
            }
            drained();
        }

        assertThat(engine.delivered()).containsExactly("2", "2", "2");
        assertThat(counts.refusals()).isEqualTo(3);
        assertThat(counts.dropped()).isEqualTo(3);
        assertThat(refusals.reasons)
                .anySatisfy(reason -> assertThat(reason).startsWith(QUEUE).contains("Read timed out"))
                .anySatisfy(reason -> assertThat(reason).startsWith(TOPIC).contains("Read timed out"))
                .anySatisfy(
                        reason -> assertThat(reason).matches(BUCKET + ".* timeout configuration: [1-7]\\d{3} millis"));
    }

    @Test
    void case_80_without_its_destination_a_mapping_drops_what_it_gives_up() {
        engine(Batches.settings().with(DestinationService.SNS, sns.uri()));
        sns.create(TOPIC);
        put("1");
        engine.start(mapping(TOPIC));
        drained();
        engine.mappings().update(mapping(FailureHandling.defaults())).join();
        engine.mappings().pause("orders").join(); // so that the four are there together
        put("1", "2", "3", "4");
        engine.mappings().resume("orders").join();
        drained();

        assertThat(engine.delivered()).containsExactly("4");
        assertThat(sns.published()).hasSize(1);
        assertThat(sns.requests()).isEqualTo(1);
        assertThat(counts.delivered()).isEqualTo(1);
        assertThat(counts.refusals()).isZero();
        assertThat(counts.dropped()).isEqualTo(3);
    }
}
