package io.shardmill.embedded;

import io.shardmill.embedded.model.Durability;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;

/** Puts for ever, from several threads, and says which records were acknowledged, until it is killed. */
final class PuttingChild {

    private static final int WRITERS = 4;

    private PuttingChild() {}

    public static void main(String[] arguments) {
        EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(Path.of(arguments[0]))
                .withSegmentBytes(256 << 10)
                .withDurability(Durability.valueOf(arguments[1].toUpperCase(Locale.ROOT))));
        streams.ensureStream(StreamTesting.STREAM, 3);
        String life = arguments.length > 2 ? arguments[2] : "0";
        for (int writer = 0; writer < WRITERS; writer++) {
            String key = "writer-" + writer;
            new Thread(() -> putForEver(streams, life, key)).start();
        }
    }

    private static void putForEver(EmbeddedStreams streams, String life, String key) {
        IntStream.iterate(0, i -> i + 1).forEach(i -> {
            String text = life + "/" + key + "/" + i + "/" + "x".repeat(i * 37 % 3_000);
            PutResult.Stored stored = streams.put(StreamTesting.STREAM, PutEntry.of(key, text));
            System.out.println("ACK " + stored.sequenceNumber() + " " + life + "/" + key + "/" + i);
        });
    }
}
