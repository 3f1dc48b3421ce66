package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.runtime.Window;
import java.util.List;

/**
 * The size of a {@link KinesisEvent} in bytes, to the byte, without building it: cheap enough to be asked
 * for every record. One object serves one shard; immutable.
 */
public final class EventSize {

    /** Lambda's limit for a synchronous invocation, counted on the final JSON (spec 3.7): 6 MB. */
    public static final int MAX_EVENT_BYTES = 6 * 1024 * 1024;

    private static final String ENVELOPE = "{\"Records\":[]}";
    /** A record without key, numbers, data, time and shard id. */
    private static final String RECORD = """
            {"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"","sequenceNumber":"","data":"",\
            "approximateArrivalTimestamp":},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":":",\
            "eventName":"aws:kinesis:record","invokeIdentityArn":"","awsRegion":"","eventSourceARN":""}""";

    /** What a window adds, without shard id, ARN and state: its times always take 20 bytes. */
    private static final String WINDOW = """
            ,"shardId":"","eventSourceARN":"","window":{"start":"2026-09-17T14:11:10Z","end":"2026-09-17T14:11:20Z"},\
            "state":,"isFinalInvokeForWindow":false,"isWindowTerminatedEarly":false""";

    private static final int FALSE_BYTES = "false".length();
    private static final int TRUE_BYTES = "true".length();

    private final long sameInAllRecords;
    private final long sameInAllWindows;

    public EventSize(EventOrigin origin, String shardId) {
        this.sameInAllRecords = RECORD.length()
                + JsonSize.escaped(shardId)
                + JsonSize.escaped(origin.invokeIdentityArn())
                + JsonSize.escaped(origin.awsRegion())
                + JsonSize.escaped(origin.streamArn());
        this.sameInAllWindows = WINDOW.length() + JsonSize.escaped(shardId) + JsonSize.escaped(origin.streamArn());
    }

    /** A text in UTF-8. */
    public static long utf8(String text) {
        return JsonSize.utf8(text);
    }

    /** What this tumbling window adds to an event. */
    long of(Window window) {
        return window(JsonSize.utf8(window.state()))
                - (window.isFinal() ? FALSE_BYTES - TRUE_BYTES : 0)
                - (window.isTerminatedEarly() ? FALSE_BYTES - TRUE_BYTES : 0);
    }

    /** What a tumbling window adds to an event with records, if its state takes this many bytes. */
    public long window(long stateBytes) {
        return sameInAllWindows + stateBytes;
    }

    /** The part of one record in an event, without the comma between two. */
    public long of(Record record) {
        return sameInAllRecords
                + JsonSize.escaped(record.partitionKey())
                + 2L * JsonSize.digits(record.sequenceNumber())
                + JsonSize.base64(record.size())
                + JsonSize.epochSeconds(record.approximateArrivalMillis());
    }

    /** No less than {@link #of(Record)}, for the price of an addition. */
    public long atMost(Record record) {
        return sameInAllRecords
                + (long) JsonSize.MAX_BYTES_PER_CHAR * record.partitionKey().length()
                + 2L * JsonSize.MAX_DIGITS
                + JsonSize.base64(record.size())
                + JsonSize.MAX_EPOCH_SECONDS;
    }

    /** An event of these records of the shard. */
    public long of(List<Record> records) {
        long sum = 0;
        for (Record record : records) {
            sum += of(record);
        }
        return event(sum, records.size());
    }

    /**
     * An event of {@code count} records whose parts, each as {@link #of(Record)} says, add up to {@code sum}.
     */
    public static long event(long sum, int count) {
        return ENVELOPE.length() + sum + Math.max(0, count - 1);
    }
}
