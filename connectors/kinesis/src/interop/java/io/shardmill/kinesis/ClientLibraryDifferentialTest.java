package io.shardmill.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.kpl.Messages;

/**
 * Aggregated records as AWS's Kinesis Client Library reads them. It differs in two things: it loses the rest of a record from an
 * index or a hash key on that is none, and all of one of which a part belongs to another shard.
 */
class ClientLibraryDifferentialTest {

    private static final int ROUNDS = 20_000;

    /** What fields begin with. */
    private static final int[] TAGS = {0x08, 0x0A, 0x10, 0x12, 0x1A, 0x22, 0x23, 0x24};

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final AggregatorUtil library = new AggregatorUtil();

    /** What both say of a user record. */
    private record Read(String partitionKey, @Nullable BigInteger explicitHashKey, ByteBuffer data) {

        static Read of(UserRecord record) {
            return new Read(record.partitionKey(), record.explicitHashKey(), record.data());
        }

        static Read of(KinesisClientRecord record) {
            return new Read(
                    record.partitionKey(),
                    record.explicitHashKey() == null ? null : new BigInteger(record.explicitHashKey()),
                    record.data());
        }
    }

    private static KinesisClientRecord stored(byte[] data) {
        return KinesisClientRecord.builder()
                .data(ByteBuffer.wrap(data))
                .partitionKey("outer")
                .sequenceNumber("7")
                .approximateArrivalTimestamp(Instant.EPOCH)
                .build();
    }

    /** Returns null if the library takes it for a record of its own. */
    private @Nullable List<Read> library(byte[] data) {
        List<KinesisClientRecord> records = library.deaggregate(List.of(stored(data)));
        boolean isWhole = records.size() == 1 && !records.get(0).aggregated();
        return isWhole ? null : records.stream().map(Read::of).toList();
    }

    private static @Nullable List<Read> ours(byte[] data) {
        List<UserRecord> records = AggregatedRecord.unpack(data);
        return records == null ? null : records.stream().map(Read::of).toList();
    }

    private Aggregates randomAggregate() {
        Aggregates packed = new Aggregates();
        for (int count = 1 + random.nextInt(20); count > 0; count--) {
            String key = random.nextInt(8) == 0 ? "schlüssel " + random.nextInt(3) : "key " + random.nextInt(10);
            String hashKey = random.nextInt(3) == 0 ? new BigInteger(random.nextInt(129), random).toString() : null;
            packed.add(key, hashKey, "x".repeat(random.nextInt(200)));
        }
        return packed;
    }

    @Test
    void what_is_well_formed_is_the_same() {
        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] data = randomAggregate().bytes();
            assertThat(ours(data)).as("seed %d, round %d", seed, round).isNotNull().isEqualTo(library(data));
        }
    }

    @Test
    void what_was_changed_on_its_way_is_a_record_of_its_own() {
        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] data = changed(randomAggregate().bytes());
            assertThat(ours(data)).as("seed %d, round %d", seed, round).isEqualTo(library(data));
        }
    }

    /** As a faulty or a hostile producer would seal it. */
    @Test
    void what_was_sealed_malformed_is_the_same_unless_its_keys_are_none() {
        int different = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] whole = randomAggregate().bytes();
            byte[] message = changed(Arrays.copyOfRange(whole, 4, whole.length - 16));
            byte[] data = Aggregates.sealed(message);
            Messages.AggregatedRecord parsed = parsed(message);
            if (parsed != null && !hasItsKeys(parsed)) {
                assertThat(ours(data)).as("seed %d, round %d", seed, round).isNull();
                different++;
            } else {
                assertThat(ours(data)).as("seed %d, round %d", seed, round).isEqualTo(library(data));
            }
        }
        assertThat(different).isLessThan(ROUNDS / 4);
    }

    private byte[] changed(byte[] data) {
        byte[] changed = Arrays.copyOf(data, random.nextInt(8) == 0 ? random.nextInt(data.length) + 1 : data.length);
        for (int count = random.nextInt(3); count >= 0; count--) {
            int index = random.nextInt(changed.length);
            changed[index] = (byte)
                    switch (random.nextInt(3)) {
                        case 0 -> random.nextInt();
                        case 1 -> changed[index] ^ (1 << random.nextInt(8));
                        default -> TAGS[random.nextInt(TAGS.length)];
                    };
        }
        return changed;
    }

    private static Messages.@Nullable AggregatedRecord parsed(byte[] message) {
        try {
            return Messages.AggregatedRecord.parseFrom(message);
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
    }

    private static boolean hasItsKeys(Messages.AggregatedRecord packed) {
        return packed.getRecordsList().stream()
                .allMatch(record -> isIn(record.getPartitionKeyIndex(), packed.getPartitionKeyTableList())
                        && (!record.hasExplicitHashKeyIndex()
                                || (isIn(record.getExplicitHashKeyIndex(), packed.getExplicitHashKeyTableList())
                                        && isHashKey(packed.getExplicitHashKeyTable(
                                                (int) record.getExplicitHashKeyIndex())))));
    }

    private static boolean isHashKey(String text) {
        return text.matches("[0-9]{1,39}") && new BigInteger(text).bitLength() <= 128;
    }

    private static boolean isIn(long index, List<String> table) {
        return index >= 0 && index < table.size();
    }

    @Test
    void a_shard_has_the_same_hash_keys() {
        for (int round = 0; round < ROUNDS / 10; round++) {
            BigInteger one = new BigInteger(128, random);
            BigInteger other = new BigInteger(128, random);
            HashKeys keys = new HashKeys(one.min(other), one.max(other));
            String hashKey = random.nextBoolean() ? null : random.nextBoolean() ? one.toString() : other.add(BigInteger.ONE).toString();
            byte[] data = new Aggregates().add("key " + round, hashKey, "text").bytes();
            List<UserRecord> records = AggregatedRecord.unpack(data);
            boolean isHeld = !library.deaggregate(
                            List.of(stored(data)), keys.first(), keys.last())
                    .isEmpty();
            assertThat(records).isNotNull().singleElement().matches(record -> keys.hold(record) == isHeld);
        }
    }
}
