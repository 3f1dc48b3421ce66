package io.shardmill.poller.event;

import io.shardmill.function.Record;
import org.jspecify.annotations.Nullable;

/** What a kind of source shows of its records to patterns, as names at the top of an event (spec 2.2). */
public interface RecordFields {

    /** The name of the payload. */
    String payload();

    /** The value of another name; null if records have no such. */
    @Nullable
    Scalar metadata(String name, Record record);
}
