package io.shardmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.StreamOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionChangeTest {

    @Test
    void changes_at_the_same_time_are_each_made_on_the_one_before() {
        try (EmbeddedStreams streams = EmbeddedStreams.temporary(Clock.systemUTC())) {
            streams.createStream("orders", StreamOptions.ofShards(1).withRetention(Duration.ofHours(24)));
            IntStream.range(0, 100)
                    .parallel()
                    .forEach(i -> streams.updateRetention("orders", current -> current.plusHours(1)));
            assertThat(streams.describe("orders").retention()).isEqualTo(Duration.ofHours(124));
        }
    }
}
