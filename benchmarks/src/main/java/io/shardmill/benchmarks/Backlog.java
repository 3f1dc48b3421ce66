package io.shardmill.benchmarks;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import io.shardmill.poller.stream.StreamSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A stream that was filled once.
 *
 * @param folder of the stream's files
 */
record Backlog(EmbeddedStreams streams, String stream, Path folder, long records) implements AutoCloseable {

    private static final int PUT = 500;
    private static final int KEYS = 1_000;

    /** Records of {@code bytes} bytes under 1,000 keys; random bytes from a fixed seed. */
    static Backlog fill(Path folder, int shards, long records, int bytes) {
        EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder));
        String stream = "backlog";
        streams.createStream(stream, shards);
        Random random = new Random(1);
        List<PutEntry> entries = new ArrayList<>(PUT);
        for (int index = 0; index < PUT; index++) {
            byte[] data = new byte[bytes];
            random.nextBytes(data);
            entries.add(PutEntry.of(key(random.nextInt(KEYS)), data));
        }
        for (long written = 0; written < records; written += PUT) {
            streams.putAll(stream, entries);
            for (int index = 0; index < PUT; index++) {
                entries.set(
                        index,
                        PutEntry.of(
                                key(random.nextInt(KEYS)), entries.get(index).data()));
            }
        }
        return new Backlog(streams, stream, folder, records);
    }

    static String key(int number) {
        return "key-" + number;
    }

    StreamSource source() {
        return streams.find(stream).orElseThrow();
    }

    @Override
    public void close() {
        streams.close();
    }
}
