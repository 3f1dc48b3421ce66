package io.shardmill.poller.stream;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;

/** A reader of a shard, and the texts of a digit each that it has given. */
final class GroupReading implements AutoCloseable {

    private final StringBuilder digits = new StringBuilder();
    private final ShardReader reader;

    GroupReading(StreamSource source, String shard, Position from) {
        reader = source.open(shard, from, () -> {});
    }

    ReadResult next() {
        ReadResult result = reader.read(100, 1 << 20);
        if (result instanceof ReadResult.Records found) {
            found.records().stream().map(Record::text).forEach(digits::append);
        }
        return result;
    }

    /** Reads what there is now, and returns all that was read. */
    String digits() {
        while (next() instanceof ReadResult.Records) {}
        return digits.toString();
    }

    /** All records up to this number are finished. */
    void finish(long number) {
        finish(number, "");
    }

    /** @param ahead what else is finished */
    void finish(long number, String ahead) {
        reader.finished(SequenceNumber.of(number), ahead);
    }

    @Override
    public void close() {
        reader.close();
    }
}
