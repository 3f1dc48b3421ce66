package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.runtime.Window;

/** The size of a {@link KinesisEvent}. One object serves one shard. */
final class KinesisEventSize implements EventSize {

    private static final String ENVELOPE = "{\"Records\":[]}";
    /** A record without key, numbers, data, time and shard id. */
    private static final String RECORD = """
            {"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"","sequenceNumber":"","data":"",\
            "approximateArrivalTimestamp":},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":":",\
            "eventName":"aws:kinesis:record","invokeIdentityArn":"","awsRegion":"","eventSourceARN":""}""";

    private final long sameInAllRecords;
    private final WindowSize windows;

    KinesisEventSize(KinesisFormat format, String shardId) {
        this.sameInAllRecords = RECORD.length()
                + JsonSize.escaped(shardId)
                + JsonSize.escaped(format.invokeIdentityArn())
                + JsonSize.escaped(format.awsRegion())
                + JsonSize.escaped(format.sourceArn());
        this.windows = new WindowSize(shardId, format.sourceArn());
    }

    /** Returns what this tumbling window adds to an event. */
    long of(Window window) {
        return windows.of(window);
    }

    @Override
    public long window(long stateBytes) {
        return windows.of(stateBytes);
    }

    @Override
    public long of(Record record) {
        return sameInAllRecords
                + JsonSize.escaped(record.partitionKey())
                + 2L * JsonSize.digits(record.sequenceNumber())
                + JsonSize.base64(record.size())
                + JsonSize.epochSeconds(record.approximateArrivalMillis());
    }

    @Override
    public long atMost(Record record) {
        return sameInAllRecords
                + (long) JsonSize.MAX_BYTES_PER_CHAR * record.partitionKey().length()
                + 2L * JsonSize.MAX_DIGITS
                + JsonSize.base64(record.size())
                + JsonSize.MAX_EPOCH_SECONDS;
    }

    @Override
    public long event(long sum, int count) {
        return ENVELOPE.length() + sum + Math.max(0, count - 1); // a comma between two
    }
}
