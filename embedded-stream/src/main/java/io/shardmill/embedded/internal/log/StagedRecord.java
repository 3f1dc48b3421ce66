package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.HashKey;

/** Carries one record into a log: made by the caller, numbered by the log thread. */
final class StagedRecord {

    private final PutRequest request;
    private final int index;
    private final byte[] key;
    private final byte[] data;
    private final long hashHigh;
    private final long hashLow;
    private long counter;
    private int offset;

    StagedRecord(PutRequest request, int index, byte[] key, byte[] data, HashKey hash) {
        this.request = request;
        this.index = index;
        this.key = key;
        this.data = data;
        this.hashHigh = hash.high();
        this.hashLow = hash.low();
    }

    PutRequest request() {
        return request;
    }

    /** Returns its place among the request's results. */
    int index() {
        return index;
    }

    byte[] key() {
        return key;
    }

    byte[] data() {
        return data;
    }

    long hashHigh() {
        return hashHigh;
    }

    long hashLow() {
        return hashLow;
    }

    int frameBytes() {
        return Frame.length(key, data);
    }

    // Log thread only.

    void place(long counter, int offset) {
        this.counter = counter;
        this.offset = offset;
    }

    long counter() {
        return counter;
    }

    int offset() {
        return offset;
    }
}
