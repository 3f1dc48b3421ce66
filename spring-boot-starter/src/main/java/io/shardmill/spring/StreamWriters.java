package io.shardmill.spring;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;

/** Puts records into whatever a stream is: by the first route that has it, and into others by another writer. */
record StreamWriters(List<StreamRoute> routes, Supplier<StreamWriter> others) implements StreamWriter {

    /** Puts what no route has by the first other writer, if there is any. */
    static StreamWriters of(List<StreamRoute> routes, ObjectProvider<StreamWriter> writers) {
        StreamWriter last = routes.get(routes.size() - 1).writer();
        return new StreamWriters(
                routes,
                () -> writers.stream()
                        .filter(writer -> !(writer instanceof StreamWriters))
                        .filter(writer -> routes.stream().noneMatch(route -> route.writer() == writer))
                        .findFirst()
                        .orElse(last));
    }

    @Override
    public PutResult.Stored put(String stream, PutEntry entry) {
        return writer(stream).put(stream, entry);
    }

    @Override
    public List<PutResult> putAll(String stream, List<PutEntry> entries) {
        return writer(stream).putAll(stream, entries);
    }

    private StreamWriter writer(String stream) {
        return routes.stream()
                .filter(route -> route.has().test(stream))
                .map(StreamRoute::writer)
                .findFirst()
                .orElseGet(others);
    }
}
