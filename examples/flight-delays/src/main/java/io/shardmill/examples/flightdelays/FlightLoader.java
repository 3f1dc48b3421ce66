package io.shardmill.examples.flightdelays;

import io.shardmill.examples.flightdelays.FlightFile.Line;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.stream.StreamCatalog;
import java.util.List;
import java.util.function.IntConsumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Puts the flights into the stream, whatever it is, and remembers what is put. A process that is killed in between puts its last
 * batch again in its next run, as any producer that must not lose a record.
 */
@Component
class FlightLoader {

    static final String STREAM = "flights";
    static final int BATCH = 500;

    private final StreamWriter writer;
    private final ObjectProvider<StreamCatalog> streams;
    private final LoadedLines loaded;

    FlightLoader(StreamWriter writer, ObjectProvider<StreamCatalog> streams, LoadedLines loaded) {
        this.writer = writer;
        this.streams = streams;
        this.loaded = loaded;
    }

    /**
     * Returns how many lines were not known to be in the stream, and are there now.
     *
     * @param progress receives, after each batch, how many of all lines are in the stream
     */
    int fill(List<Line> lines, IntConsumer progress) {
        String stream = incarnation();
        int begin = loaded.in(stream);
        for (int from = begin; from < lines.size(); from += BATCH) {
            int to = Math.min(from + BATCH, lines.size());
            put(lines.subList(from, to));
            loaded.save(stream, to);
            progress.accept(to);
        }
        return lines.size() - begin;
    }

    /** Differs for a stream that was deleted and created again, and for one of the same name elsewhere. */
    private String incarnation() {
        return streams.orderedStream()
                .flatMap(catalog -> catalog.find(STREAM).stream())
                .findFirst()
                .orElseThrow()
                .describe()
                .incarnation();
    }

    private void put(List<Line> lines) {
        List<PutEntry> entries = lines.stream()
                .map(line -> PutEntry.of(line.origin(), line.text()))
                .toList();
        for (PutResult result : writer.putAll(STREAM, entries)) {
            if (result instanceof PutResult.Rejected rejected) {
                throw new IllegalStateException("The stream refused a flight: " + rejected);
            }
        }
    }
}
