package io.shardmill.spring;

import io.shardmill.function.Record;
import org.jspecify.annotations.Nullable;

/** Reads the values of records that are not JSON, for functions over a type of the application's. Thread-safe. */
interface ValueDecoder {

    /** Returns whether the record's value is read here. */
    boolean decodes(Record record);

    /**
     * Reads the value.
     *
     * @throws RuntimeException if it can't be read
     */
    @Nullable
    Object decode(Record record);
}
