package io.shardmill.benchmarks;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a record of this benchmark says: its number among those of its stream, and when it was put.
 *
 * @param micros since the epoch
 */
record StampedRecord(int number, long micros) {

    static final int BYTES = 32;

    static StampedRecord now(int number) {
        return new StampedRecord(number, nowMicros());
    }

    static StampedRecord of(byte[] data) {
        return of(ByteBuffer.wrap(data));
    }

    static StampedRecord of(ByteBuffer data) {
        return new StampedRecord(data.getInt(data.position()), data.getLong(data.position() + Integer.BYTES));
    }

    byte[] bytes() {
        return bytes(BYTES);
    }

    /** @param size of the record */
    byte[] bytes(int size) {
        return ByteBuffer.allocate(size).putInt(number).putLong(micros).array();
    }

    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
