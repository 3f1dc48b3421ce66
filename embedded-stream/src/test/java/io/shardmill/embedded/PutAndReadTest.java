package io.shardmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PutAndReadTest {

    @TempDir
    Path folder;

    @Test
    void whatWasPutIsReadInOrderAndAgainAfterReopening() {
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            streams.createStream("orders", 1);
            streams.putAll("orders", entries(0, 2_500));
            streams.put("orders", PutEntry.of("k", "2500"));
            assertThat(texts(streams)).hasSize(2501).startsWith("0", "1").endsWith("2499", "2500");
        }
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            assertThat(streams.recovery().findings()).isEmpty();
            streams.put("orders", PutEntry.of("k", "2501"));
            assertThat(texts(streams)).hasSize(2502).startsWith("0", "1").endsWith("2500", "2501");
        }
    }

    @Test
    void aReaderAtTheTipIsWoken() throws Exception {
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            streams.createStream("orders", 1);
            Semaphore wakes = new Semaphore(0);
            StreamSource source = streams.find("orders").orElseThrow();
            try (ShardReader reader = source.open("shardId-000000000000", Position.trimHorizon(), wakes::release)) {
                assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
                streams.put("orders", PutEntry.of("k", "a"));
                wakes.acquire();
                assertThat(((ReadResult.Records) reader.read(10, 1000)).records())
                        .hasSize(1);
            }
        }
    }

    private static List<PutEntry> entries(int from, int to) {
        List<PutEntry> entries = new ArrayList<>();
        for (int i = from; i < to; i++) {
            entries.add(PutEntry.of("key-" + i % 7, String.valueOf(i)));
        }
        return entries;
    }

    private static List<String> texts(EmbeddedStreams streams) {
        List<String> texts = new ArrayList<>();
        StreamSource source = streams.find("orders").orElseThrow();
        try (ShardReader reader = source.open("shardId-000000000000", Position.trimHorizon(), () -> {})) {
            ReadResult result = reader.read(100, 1 << 20);
            while (result instanceof ReadResult.Records records) {
                records.records().stream().map(Record::text).forEach(texts::add);
                result = reader.read(100, 1 << 20);
            }
        }
        return texts;
    }
}
