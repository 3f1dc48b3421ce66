package io.shardmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.internal.log.Disk;
import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.ShardAppender;
import io.shardmill.embedded.internal.log.StreamLogs;
import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.internal.metadata.StreamFolder;
import io.shardmill.embedded.model.StreamOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningNumbersTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

    @TempDir
    private Path folder;

    @Test
    void a_number_is_larger_than_the_one_before_whatever_the_clock_says() {
        assertThat(OpeningNumbers.after(0, NOW)).isEqualTo(200_026_921);
        assertThat(OpeningNumbers.after(200_026_921, NOW)).isEqualTo(200_026_922);
        assertThat(OpeningNumbers.after(7, Instant.EPOCH)).isEqualTo(8);
        assertThat(OpeningNumbers.after(7, Instant.parse("9999-01-01T00:00:00Z")))
                .as("leaves room for more")
                .isLessThan(Integer.MAX_VALUE - 500_000_000);
    }

    @Test
    void the_last_number_has_no_successor() {
        assertThat(SequenceNumbers.firstCounterOf(OpeningNumbers.after(Integer.MAX_VALUE - 1, NOW)))
                .isPositive();
        assertThatThrownBy(() -> SequenceNumbers.firstCounterOf(OpeningNumbers.after(Integer.MAX_VALUE, NOW)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use a new folder");
    }

    @Test
    void shards_get_another_number_long_before_one_of_them_has_used_up_its_counters() throws IOException {
        EmbeddedStreamsSettings settings = EmbeddedStreamsSettings.in(folder).withClock(new SettableClock());
        StreamLogs logs =
                new StreamLogs(folder, settings.durability(), settings.segmentBytes(), Disk.FILES, settings.clock());
        LiveStreams streams = new LiveStreams(settings, new StreamFolder(folder), logs);
        streams.open();
        try {
            LiveStream stream = streams.create(
                    StreamAdministration.newStream(StreamTesting.STREAM, StreamOptions.ofShards(2), settings));
            ShardAppender busy = stream.appender(0);
            ShardAppender idle = stream.appender(1);
            long before = idle.close();
            streams.renewOpening();
            assertThat(idle.close()).isEqualTo(before + 1);

            busy.numberFrom(before + (1L << 31));
            streams.renewOpening();

            assertThat(SequenceNumbers.openingOf(busy.close())).isEqualTo(SequenceNumbers.openingOf(before) + 1);
            assertThat(SequenceNumbers.openingOf(idle.close())).isEqualTo(SequenceNumbers.openingOf(before) + 1);
        } finally {
            streams.shut();
        }
    }
}
