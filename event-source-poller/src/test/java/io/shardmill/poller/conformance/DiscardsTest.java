package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.destination.BuiltInDestinations;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spec chapter 14, "Destinations" and "Metrics": cases 74, 79, 80, 101, 102, 104; field note 4. */
class DiscardsTest {

    private static final FailureHandling NO_RETRIES = FailureHandling.defaults().withMaximumRetryAttempts(0);

    private final Counts counts = new Counts();
    private final World world = new World(1).with(counts);

    private void put(String... texts) {
        for (String text : texts) {
            world.stream.put(text);
        }
    }

    private EventSourceMapping mapping(FailureHandling rules) {
        return world.mapping().with(rules).with(Batching.defaults().withBatchSize(3));
    }

    @Test
    void case_74_the_document_names_the_batch_its_attempts_and_the_last_answer(@TempDir Path folder) throws Exception {
        world.function.throwsOn("1");
        put("1", "2");
        world.start(mapping(NO_RETRIES.withMaximumRetryAttempts(1).withDestination("fake")))
                .advance(Duration.ofSeconds(1));

        JsonNode document = written(folder.resolve("discarded.jsonl"));
        assertThat(document.propertyNames())
                .containsExactly(
                        "requestContext", "responseContext", "version", "payload", "timestamp", "KinesisBatchInfo");
        Record first = world.stream.records(world.stream.shardIds().get(0)).get(0);
        Record last = world.stream.records(world.stream.shardIds().get(0)).get(1);
        assertThat(document.get("requestContext").toString())
                .isEqualTo("{\"requestId\":\"request-1\","
                        + "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:orders\","
                        + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":2}");
        assertThat(document.get("responseContext").toString())
                .isEqualTo("{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\"}");
        assertThat(document.get("timestamp").stringValue()).isEqualTo("2026-01-01T00:00:00.200Z");
        assertThat(document.get("KinesisBatchInfo").toString())
                .isEqualTo("{\"shardId\":\"shardId-000000000000\","
                        + "\"startSequenceNumber\":\"" + first.sequenceNumber() + "\","
                        + "\"endSequenceNumber\":\"" + last.sequenceNumber() + "\","
                        + "\"approximateArrivalOfFirstRecord\":\"2026-01-01T00:00:00.000Z\","
                        + "\"approximateArrivalOfLastRecord\":\"2026-01-01T00:00:00.000Z\","
                        + "\"batchSize\":2,\"streamArn\":\"" + world.stream.arn() + "\"}");
    }

    private JsonNode written(Path file) throws Exception {
        try (BuiltInDestinations destinations = new BuiltInDestinations()) {
            OnFailureDestination destination = destinations.find("file:" + file).orElseThrow();
            for (DiscardedBatch batch : world.destination.batches()) {
                destination.send(batch);
            }
        }
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    @Test
    void case_79_and_note_04_a_refusing_destination_is_counted_and_the_shard_goes_on_and_nothing_is_sent_again() {
        world.function.throwsOn("1");
        put("1", "2", "3", "4");
        world.destination.refuses(new IllegalStateException("denied"));
        world.start(mapping(NO_RETRIES.withDestination("fake")));
        assertThat(world.function.digits()).containsExactly("123", "4");
        assertThat(counts.refusals()).isEqualTo(1);

        world.destination.refuses(null);
        world.advance(Duration.ofSeconds(980));
        assertThat(world.destination.batches()).isEmpty();
        assertThat(world.function.digits()).containsExactly("123", "4");
    }

    @Test
    void case_80_without_its_destination_a_mapping_drops_what_it_gives_up() {
        world.function.throwsOn("1");
        world.start(mapping(NO_RETRIES.withDestination("fake")));
        put("1");
        world.advance(Duration.ofSeconds(1));
        world.await(world.mappings().update(mapping(NO_RETRIES)));
        put("1");
        world.advance(Duration.ofSeconds(1));

        assertThat(world.function.digits()).containsExactly("1", "1");
        assertThat(world.destination.digits()).containsExactly("1");
        assertThat(counts.dropped()).isEqualTo(1);
    }

    @Test
    void case_101_three_failing_records_are_polled_invoked_failed_and_delivered_and_none_is_dropped() {
        world.function.throwsOn("1");
        put("1", "2", "3");
        world.start(mapping(NO_RETRIES.withDestination("fake")));

        assertThat(counts.polled()).isEqualTo(3);
        assertThat(counts.invoked()).isEqualTo(3);
        assertThat(counts.failed()).isEqualTo(3);
        assertThat(counts.delivered()).isEqualTo(3);
        assertThat(counts.dropped()).isZero();
    }

    @Test
    void case_102_what_a_denied_destination_did_not_take_is_dropped() {
        world.function.throwsOn("1");
        world.destination.refuses(new IllegalStateException("denied"));
        put("1", "2", "3");
        world.start(mapping(NO_RETRIES.withDestination("fake")));

        assertThat(counts.dropped()).isEqualTo(3);
        assertThat(counts.delivered()).isZero();
        assertThat(counts.refusals()).isEqualTo(1);
    }

    @Test
    void case_104_a_retry_counts_the_same_record_as_invoked_again() {
        world.function.throwsOn("1");
        put("1");
        world.start(mapping(NO_RETRIES.withMaximumRetryAttempts(1).withDestination("fake")))
                .advance(Duration.ofSeconds(1));

        assertThat(counts.polled()).isEqualTo(1);
        assertThat(counts.invoked()).isEqualTo(2);
        assertThat(counts.failed()).isEqualTo(2);
    }
}
