package io.shardmill.poller.event;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import io.shardmill.runtime.Window;
import org.jspecify.annotations.Nullable;

/** The size of a {@link KafkaEvent}. One object serves one partition. */
final class KafkaEventSize implements EventSize {

    /** An event without names and records. */
    private static final String ENVELOPE = "{\"eventSource\":\"\",\"bootstrapServers\":\"\",\"records\":{}}";

    private static final String SOURCE_ARN = ",\"eventSourceArn\":\"\"";
    private static final String PARTITION = "\"\":[]";
    /** A record without its values. */
    private static final String RECORD = """
            {"topic":"","partition":,"offset":,"timestamp":,"timestampType":"","headers":[]}""";

    private static final String KEY = "\"key\":\"\",";
    private static final String VALUE = "\"value\":\"\",";
    private static final String NO_HEADER = "{}";
    private static final String HEADER = "{\"\":[]}";
    private static final int MAX_BYTES_PER_BYTE = "-128,".length();

    private final long sameInAllEvents;
    private final long ofPartition;
    private final WindowSize windows;

    KafkaEventSize(KafkaFormat format, String shardId) {
        this.sameInAllEvents = ENVELOPE.length()
                + format.eventSource().length()
                + JsonSize.escaped(format.bootstrapServers())
                + (format.clusterArn() == null ? 0 : SOURCE_ARN.length() + JsonSize.escaped(format.clusterArn()));
        this.ofPartition = PARTITION.length() + JsonSize.escaped(shardId);
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
        KafkaMetadata kafka = KafkaFormat.kafka(record);
        long size = RECORD.length()
                + JsonSize.escaped(kafka.topic())
                + JsonSize.decimal(kafka.partition())
                + JsonSize.decimal(kafka.offset())
                + JsonSize.decimal(record.approximateArrivalMillis())
                + kafka.timestampType().name().length()
                + keyAndValue(record, kafka)
                + commas(kafka.headers().size());
        for (KafkaMetadata.Header header : kafka.headers()) {
            size += header(header.name(), header.value());
        }
        return size;
    }

    @Override
    public long atMost(Record record) {
        KafkaMetadata kafka = KafkaFormat.kafka(record);
        long size = RECORD.length()
                + (long) JsonSize.MAX_BYTES_PER_CHAR * kafka.topic().length()
                + 3L * JsonSize.MAX_LONG
                + kafka.timestampType().name().length()
                + keyAndValue(record, kafka);
        for (KafkaMetadata.Header header : kafka.headers()) {
            byte[] value = header.value();
            size += HEADER.length()
                    + 1
                    + (long) JsonSize.MAX_BYTES_PER_CHAR * header.name().length()
                    + (value == null ? 0 : (long) MAX_BYTES_PER_BYTE * value.length);
        }
        return size;
    }

    private static long keyAndValue(Record record, KafkaMetadata kafka) {
        byte[] key = kafka.key();
        return (key == null ? 0 : KEY.length() + JsonSize.base64(key.length))
                + (kafka.isTombstone() ? 0 : VALUE.length() + JsonSize.base64(record.size()));
    }

    private static long header(String name, byte @Nullable [] value) {
        if (value == null) {
            return NO_HEADER.length();
        }
        long size = HEADER.length() + JsonSize.escaped(name) + commas(value.length);
        for (byte signed : value) {
            size += JsonSize.decimal(signed);
        }
        return size;
    }

    private static long commas(int elements) {
        return Math.max(0, elements - 1);
    }

    @Override
    public long event(long sum, int count) {
        return sameInAllEvents + (count == 0 ? 0 : ofPartition) + sum + commas(count);
    }
}
