package io.shardmill.kinesis;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the Kinesis Producer Library has packed into one record, in its
 * <a href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">aggregation format</a>: four magic
 * bytes, a Protocol Buffers message, and the message's MD5.
 */
final class AggregatedRecord {

    private static final byte[] MAGIC = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};

    /** 2^128 - 1, the largest hash key, has as many digits. */
    private static final String HASH_KEY = "[0-9]{1,39}";

    // Tags of the message's fields: the field's number and how it is encoded.
    private static final int PARTITION_KEY_TABLE = (1 << 3) | 2;
    private static final int EXPLICIT_HASH_KEY_TABLE = (2 << 3) | 2;
    private static final int RECORDS = (3 << 3) | 2;
    private static final int PARTITION_KEY_INDEX = 1 << 3;
    private static final int EXPLICIT_HASH_KEY_INDEX = 2 << 3;
    private static final int DATA = (3 << 3) | 2;
    private static final int TAGS = (4 << 3) | 2;
    private static final int TAG_KEY = (1 << 3) | 2;

    private static final int NONE = -1;

    private final CodedInputStream in;
    private final List<String> partitionKeys = new ArrayList<>();
    private final List<String> explicitHashKeys = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    /** A user record as it is stored, its keys by their places in the tables, which may come after it. */
    private record Entry(long partitionKey, long explicitHashKey, ByteBuffer data) {}

    private AggregatedRecord(CodedInputStream in) {
        this.in = in;
    }

    /** Returns the user records in it; null if it is no well-formed aggregated record, but one of its own. */
    static @Nullable List<UserRecord> unpack(byte[] data) {
        int length = data.length - MAGIC.length - Md5.SIZE;
        if (length <= 0 || !Arrays.equals(data, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return null;
        }
        byte[] digest = Arrays.copyOfRange(data, data.length - Md5.SIZE, data.length);
        if (!Arrays.equals(Md5.of(data, MAGIC.length, length), digest)) {
            return null;
        }
        CodedInputStream message = CodedInputStream.newInstance(data, MAGIC.length, length);
        message.enableAliasing(true);
        try {
            return new AggregatedRecord(message).read();
        } catch (IOException malformed) {
            return null;
        }
    }

    private List<UserRecord> read() throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case PARTITION_KEY_TABLE -> partitionKeys.add(in.readString());
                case EXPLICIT_HASH_KEY_TABLE -> explicitHashKeys.add(in.readString());
                case RECORDS -> entries.add(entry());
                default -> skip(tag);
            }
        }
        List<UserRecord> records = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            records.add(new UserRecord(
                    at(entry.partitionKey(), partitionKeys),
                    entry.explicitHashKey() == NONE ? null : hashKey(at(entry.explicitHashKey(), explicitHashKeys)),
                    entry.data()));
        }
        return records;
    }

    private Entry entry() throws IOException {
        int rest = in.pushLimit(in.readRawVarint32());
        long partitionKey = NONE;
        long explicitHashKey = NONE;
        ByteBuffer data = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case PARTITION_KEY_INDEX -> partitionKey = index();
                case EXPLICIT_HASH_KEY_INDEX -> explicitHashKey = index();
                case DATA -> data = in.readByteBuffer();
                case TAGS -> passOverTag();
                default -> skip(tag);
            }
        }
        in.popLimit(rest);
        if (partitionKey == NONE || data == null) {
            throw new InvalidProtocolBufferException("a record without key or data");
        }
        return new Entry(partitionKey, explicitHashKey, data);
    }

    private long index() throws IOException {
        long index = in.readUInt64();
        if (index < 0) {
            throw new InvalidProtocolBufferException("an index of more than 63 bits");
        }
        return index;
    }

    /** Tags of records are in the format; no producer writes them. */
    private void passOverTag() throws IOException {
        int rest = in.pushLimit(in.readRawVarint32());
        boolean hasKey = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            hasKey |= tag == TAG_KEY;
            skip(tag);
        }
        in.popLimit(rest);
        if (!hasKey) {
            throw new InvalidProtocolBufferException("a tag without key");
        }
    }

    /** Passes over what the format may have one day. */
    private void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("an end without a beginning");
        }
    }

    private static String at(long index, List<String> table) throws IOException {
        if (index >= table.size()) {
            throw new InvalidProtocolBufferException("an index beyond its table");
        }
        return table.get((int) index);
    }

    private static BigInteger hashKey(String text) throws IOException {
        if (!text.matches(HASH_KEY)) {
            throw new InvalidProtocolBufferException("a hash key that is no number");
        }
        BigInteger hashKey = new BigInteger(text);
        if (hashKey.bitLength() > HashKeys.BITS) {
            throw new InvalidProtocolBufferException("a hash key beyond the last one");
        }
        return hashKey;
    }
}
