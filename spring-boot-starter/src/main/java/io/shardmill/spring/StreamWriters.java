package io.shardmill.spring;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.kinesis.KinesisStreams;
import java.util.List;
import java.util.function.Supplier;

/** Puts records into the streams of Kinesis, and into others by another writer. */
record StreamWriters(KinesisStreams kinesis, Supplier<StreamWriter> others) implements StreamWriter {

    @Override
    public PutResult.Stored put(String stream, PutEntry entry) {
        return writer(stream).put(stream, entry);
    }

    @Override
    public List<PutResult> putAll(String stream, List<PutEntry> entries) {
        return writer(stream).putAll(stream, entries);
    }

    private StreamWriter writer(String stream) {
        return kinesis.has(stream) ? kinesis : others.get();
    }
}
