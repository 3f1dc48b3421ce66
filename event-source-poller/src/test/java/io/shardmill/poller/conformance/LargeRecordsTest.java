package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.destination.BuiltInDestinations;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.EventSize;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.Events;
import io.shardmill.poller.testkit.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spec chapter 14, "Payload and batching": cases 34 and 35. */
class LargeRecordsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final World world = new World(1);

    private Record put(int bytes) {
        return world.stream.put(world.stream.shardIds().get(0), "key", new byte[bytes], world.time.millis());
    }

    @Test
    void case_34_a_batch_is_cut_before_its_event_exceeds_6_MB() {
        for (int count = 0; count < 5; count++) {
            put(2 * MEGABYTE);
        }
        world.start(world.mapping());

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().records().size())
                .containsExactly(2, 2, 1);
        assertThat(world.function.deliveries())
                .allSatisfy(delivery -> assertThat(Events.json(
                                KinesisFormat.of(world.stream.arn()),
                                delivery.invocation().records()))
                        .hasSizeLessThanOrEqualTo(EventSize.MAX_EVENT_BYTES));
    }

    @Test
    void case_35_a_record_that_fits_no_event_spends_its_retries_unseen_and_the_next_is_delivered(@TempDir Path folder)
            throws Exception {
        Record large = put(5 * MEGABYTE);
        world.stream.put("next");
        world.start(world.mapping()
                        .with(FailureHandling.defaults()
                                .withMaximumRetryAttempts(2)
                                .withBisect()
                                .withDestination("fake")))
                .advance(Duration.ofSeconds(2));

        assertThat(world.function.digits()).containsExactly("next");
        assertThat(world.destination.batches())
                .singleElement()
                .satisfies(batch -> assertThat(batch.records()).containsExactly(large));
        JsonNode document = writtenTo(folder.resolve("discarded.jsonl"));
        assertThat(document.propertyNames())
                .containsExactly("requestContext", "version", "payload", "timestamp", "KinesisBatchInfo");
        assertThat(document.get("requestContext").get("condition").stringValue())
                .isEqualTo("RetryAttemptsExhausted");
        assertThat(document.get("requestContext").get("approximateInvokeCount").intValue())
                .isEqualTo(3);
    }

    private JsonNode writtenTo(Path file) throws Exception {
        try (BuiltInDestinations destinations = new BuiltInDestinations()) {
            OnFailureDestination destination = destinations.find("file:" + file).orElseThrow();
            destination.send(world.destination.batches().get(0));
        }
        return JsonMapper.shared().readTree(Files.readString(file));
    }
}
