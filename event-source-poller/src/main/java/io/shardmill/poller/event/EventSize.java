package io.shardmill.poller.event;

import io.shardmill.function.Record;
import java.util.List;

/**
 * The size of a shard's events in bytes, to the byte, without building them: cheap enough to be asked for every record.
 * Immutable.
 */
public interface EventSize {

    /** Lambda's limit for a synchronous invocation, counted on the final JSON (spec 3.7): 6 MB. */
    int MAX_EVENT_BYTES = 6 * 1024 * 1024;

    /** Returns the part of one record in an event, without what stands between two. */
    long of(Record record);

    /** Returns no less than {@link #of(Record)}, for the price of an addition. */
    long atMost(Record record);

    /** Returns the size of an event of {@code count} records whose parts, each as {@link #of(Record)} says, add up to {@code sum}. */
    long event(long sum, int count);

    /** Returns what a tumbling window adds to an event with records, if its state takes this many bytes. */
    long window(long stateBytes);

    /** Returns the size of an event of these records. */
    default long of(List<Record> records) {
        long sum = 0;
        for (Record record : records) {
            sum += of(record);
        }
        return event(sum, records.size());
    }

    /** Returns the size of a text in UTF-8. */
    static long utf8(String text) {
        return JsonSize.utf8(text);
    }
}
