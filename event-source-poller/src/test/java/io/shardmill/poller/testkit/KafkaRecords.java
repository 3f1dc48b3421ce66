package io.shardmill.poller.testkit;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.KafkaMetadata.Header;
import io.shardmill.function.KafkaMetadata.TimestampType;
import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of partition 0 of the topic {@code orders}. */
public final class KafkaRecords {

    public static final Shard PARTITION = new Shard("orders", "orders-0");
    public static final long TIMESTAMP = 1_789_809_023_187L;

    private KafkaRecords() {}

    /** A record without headers; null for no key or no value. */
    public static Record of(long offset, @Nullable String key, @Nullable String value) {
        return of(offset, bytes(key), bytes(value), List.of());
    }

    public static Record of(long offset, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        return Record.ofKafka(
                PARTITION,
                new KafkaMetadata("orders", 0, offset, TimestampType.CREATE_TIME, key, headers),
                value,
                TIMESTAMP);
    }

    /** A header; null for one without a value. */
    public static Header header(String name, @Nullable String value) {
        return new Header(name, bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
