package io.shardmill.examples.flightdelays;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.examples.flightdelays.FlightFile.Line;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Puts the flights into the stream, once: what an earlier run has put is not put again. */
@Component
class FlightLoader {

    static final String STREAM = "flights";
    private static final int BATCH = 500;

    private final EmbeddedStreams streams;

    FlightLoader(EmbeddedStreams streams) {
        this.streams = streams;
    }

    /** Returns how many lines were missing in the stream, and are there now. */
    int fill(List<Line> lines) {
        List<Line> missing = missing(lines);
        for (int from = 0; from < missing.size(); from += BATCH) {
            List<PutEntry> entries = missing.subList(from, Math.min(from + BATCH, missing.size())).stream()
                    .map(line -> PutEntry.of(line.origin(), line.text()))
                    .toList();
            for (PutResult result : streams.putAll(STREAM, entries)) {
                if (result instanceof PutResult.Rejected rejected) {
                    throw new IllegalStateException("The stream refused a flight: " + rejected);
                }
            }
        }
        return missing.size();
    }

    /** An airport's lines are put in their order, so those in the stream are its first ones. */
    private List<Line> missing(List<Line> lines) {
        Map<String, Integer> present = present();
        List<Line> missing = new ArrayList<>();
        for (Line line : lines) {
            if (present.merge(line.origin(), -1, Integer::sum) < 0) {
                missing.add(line);
            }
        }
        return missing;
    }

    private Map<String, Integer> present() {
        Map<String, Integer> present = new HashMap<>();
        for (StreamInfo.ShardInfo shard : streams.describe(STREAM).shards()) {
            Position position = Position.trimHorizon();
            ShardPage page = streams.read(STREAM, shard.id(), position, 10_000, 10 << 20);
            while (!page.records().isEmpty()) {
                for (Record record : page.records()) {
                    present.merge(record.partitionKey(), 1, Integer::sum);
                    position = Position.after(record.sequenceNumber());
                }
                page = streams.read(STREAM, shard.id(), position, 10_000, 10 << 20);
            }
        }
        return present;
    }
}
