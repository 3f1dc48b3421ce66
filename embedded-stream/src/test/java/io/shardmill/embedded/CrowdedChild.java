package io.shardmill.embedded;

import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.poller.stream.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts into many shards and reads them, with as few descriptors as its parent allows it. */
final class CrowdedChild {

    static final int SHARDS = 64;
    static final int RECORDS = 2_000;

    private CrowdedChild() {}

    public static void main(String[] arguments) {
        Durability durability = Durability.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(Path.of(arguments[0]))
                .withDurability(durability)
                .withSegmentBytes(64 << 10))) {
            streams.createStream(StreamTesting.STREAM, SHARDS);
            for (int round = 0; round < 3; round++) {
                List<PutEntry> entries = new ArrayList<>();
                for (int i = 0; i < RECORDS; i++) {
                    entries.add(PutEntry.of("key-" + i, "x".repeat(500)));
                }
                for (PutResult result : streams.putAll(StreamTesting.STREAM, entries)) {
                    if (!(result instanceof PutResult.Stored)) {
                        System.out.println("NOT STORED " + result);
                    }
                }
            }
            int read = 0;
            for (StreamInfo.ShardInfo shard :
                    streams.describe(StreamTesting.STREAM).shards()) {
                read += StreamTesting.records(streams, shard.id(), Position.trimHorizon())
                        .size();
            }
            System.out.println("READ " + read);
        }
    }
}
