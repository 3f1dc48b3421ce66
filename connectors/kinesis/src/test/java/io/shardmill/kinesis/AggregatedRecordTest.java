package io.shardmill.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AggregatedRecordTest {

    private static final BigInteger LAST_HASH_KEY =
            BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private static List<String> texts(List<UserRecord> records) {
        return records.stream()
                .map(record -> UTF_8.decode(record.data()).toString())
                .toList();
    }

    /** The bytes are constants: the library itself is not run here. */
    @Test
    void reads_the_librarys_format() {
        byte[] stored = HexFormat.of()
                .parseHex(
                        "f3899ac2" // magic
                                + "0a0161" + "0a0162" // keys a and b
                                + "1203313233" // explicit hash key 123
                                + "1a07" + "0800" + "1a036f6e65" // one, by key a
                                + "1a09" + "0801" + "1000" + "1a0374776f" // two, by key b and hash key 123
                                + "1a04" + "0800" + "1a00" // nothing, by key a
                                + "f7d205593f95f50b2b4037f66c507834");
        List<UserRecord> records = AggregatedRecord.unpack(stored);

        assertThat(records).extracting(UserRecord::partitionKey).containsExactly("a", "b", "a");
        assertThat(records).extracting(UserRecord::explicitHashKey).containsExactly(null, new BigInteger("123"), null);
        assertThat(texts(records)).containsExactly("one", "two", "");
    }

    @Test
    void keys_may_come_after_the_records_and_unknown_fields_anywhere() {
        byte[] record = Aggregates.message(out -> {
            out.writeByteArray(4, Aggregates.message(tag -> tag.writeString(1, "tag")));
            out.writeByteArray(3, "data".getBytes(UTF_8));
            out.writeFixed64(17, 5);
            out.writeUInt64(1, 1);
        });
        byte[] stored = Aggregates.sealed(Aggregates.message(out -> {
            out.writeUInt32(9, 1);
            out.writeByteArray(3, record);
            out.writeString(1, "unused");
            out.writeString(1, "key");
        }));

        assertThat(AggregatedRecord.unpack(stored))
                .singleElement()
                .extracting(UserRecord::partitionKey)
                .isEqualTo("key");
    }

    @Test
    void keys_alone_are_no_records() {
        assertThat(AggregatedRecord.unpack(Aggregates.sealed(Aggregates.message(out -> out.writeString(1, "key")))))
                .isEmpty();
    }

    private static byte[] record(Aggregates.Fields fields) {
        byte[] record = Aggregates.message(fields);
        return Aggregates.sealed(Aggregates.message(out -> {
            out.writeString(1, "key");
            out.writeString(2, "no number");
            out.writeString(2, "9".repeat(40));
            out.writeByteArray(3, record);
        }));
    }

    private static byte[] tail(byte[] message, int... bytes) {
        byte[] longer = Arrays.copyOf(message, message.length + bytes.length);
        for (int index = 0; index < bytes.length; index++) {
            longer[message.length + index] = (byte) bytes[index];
        }
        return Aggregates.sealed(longer);
    }

    @Test
    void a_record_may_have_the_last_hash_key() {
        byte[] stored =
                new Aggregates().add("key", LAST_HASH_KEY.toString(), "text").bytes();
        assertThat(AggregatedRecord.unpack(stored))
                .singleElement()
                .extracting(UserRecord::explicitHashKey)
                .isEqualTo(LAST_HASH_KEY);
    }

    static Stream<byte[]> others() {
        byte[] whole = Aggregates.of("one", "two");
        byte[] message = Arrays.copyOfRange(whole, 4, whole.length - 16);
        return Stream.of(
                new byte[0],
                "text".getBytes(UTF_8),
                Arrays.copyOf(whole, 3),
                Arrays.copyOf(whole, 4),
                Arrays.copyOf(whole, whole.length - 1),
                Arrays.copyOfRange(whole, 1, whole.length),
                Aggregates.sealed(new byte[0]),
                tail(message, 0), // no tag
                tail(message, 0x1A, 1), // ends before the record does
                tail(message, 0x1A, 0x80, 0x80, 0x80, 0x80, 0x08), // a length of 2 GiB
                tail(message, 0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1), // of -1
                tail(message, 0x1A, 3, 0x08, 0x80, 0x80, 0x01), // an index that goes on behind its record
                tail(message, 0x24), // the end of a group
                tail(message, 0x23), // the beginning of one
                record(out -> out.writeUInt64(1, 0)), // without data
                record(out -> out.writeByteArray(3, new byte[2])), // without a key
                record(out -> {
                    out.writeUInt64(1, 0);
                    out.writeByteArray(3, new byte[2]);
                    out.writeByteArray(4, new byte[0]); // a tag without a key
                }),
                record(out -> {
                    out.writeUInt64(1, 1); // there is one key only
                    out.writeByteArray(3, new byte[2]);
                }),
                record(out -> {
                    out.writeUInt64(1, -1);
                    out.writeByteArray(3, new byte[2]);
                }),
                record(out -> {
                    out.writeUInt64(1, 0);
                    out.writeUInt64(2, 0); // not a number
                    out.writeByteArray(3, new byte[2]);
                }),
                record(out -> {
                    out.writeUInt64(1, 0);
                    out.writeUInt64(2, 1); // of too many digits
                    out.writeByteArray(3, new byte[2]);
                }),
                new Aggregates()
                        .add("key", LAST_HASH_KEY.add(BigInteger.ONE).toString(), "text")
                        .bytes());
    }

    @ParameterizedTest
    @MethodSource("others")
    void what_is_not_well_formed_is_no_aggregated_record(byte[] stored) {
        assertThat(AggregatedRecord.unpack(stored)).isNull();
    }

    @Test
    void a_deep_nest_of_groups_is_no_aggregated_record() {
        byte[] nest = new byte[100_000];
        Arrays.fill(nest, (byte) 0x23);
        assertThat(AggregatedRecord.unpack(Aggregates.sealed(nest))).isNull();
    }

    /** Whatever a producer seals: it is read or it is not, and takes no more memory than it has. */
    @Test
    void nothing_that_is_sealed_makes_it_throw() {
        long seed = new Random().nextLong();
        System.out.println("AggregatedRecordTest seed " + seed);
        Random random = new Random(seed);
        byte[] whole = Aggregates.of("one", "two", "three", "four");
        for (int round = 0; round < 20_000; round++) {
            byte[] message = Arrays.copyOfRange(whole, 4, whole.length - 16 - random.nextInt(10));
            for (int change = random.nextInt(4); change >= 0; change--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            List<UserRecord> records = AggregatedRecord.unpack(Aggregates.sealed(message));
            long bytes = records == null
                    ? 0
                    : texts(records).stream().mapToLong(String::length).sum();
            assertThat(bytes).as("seed %d, round %d", seed, round).isLessThanOrEqualTo(message.length);
        }
    }
}
