package io.shardmill.embedded.internal.metadata;

import io.shardmill.function.SequenceNumber;

/**
 * One shard's sequence numbers in Kinesis's layout of 47 hexadecimal digits (spec 10.3):
 * {@code 2 | shard's creation second (9) | low digit of the shard's index (1) | counter (16) | 00 |
 * arrival second (9) | shard's index (8) | 2}. Only the counter and the arrival second differ between the
 * numbers of a shard, so they are put together from bits.
 *
 * <p>The counter's upper 32 bits are the opening number ({@code OpeningNumbers}).
 */
public final class SequenceNumbers {

    private static final int OPENING_SHIFT = 32;
    private static final long HALF_OF_AN_OPENING = 1L << (OPENING_SHIFT - 1);
    private static final long SECONDS_MASK = (1L << 36) - 1;
    private static final long VERSION = 2;
    private static final String SHARD_ID_PREFIX = "shardId-";
    private static final int SHARD_ID_DIGITS = 12;

    private final long highPrefix;
    private final long lowSuffix;

    public SequenceNumbers(int shardIndex, long createdSecond) {
        this.highPrefix = VERSION << 56 | (createdSecond & SECONDS_MASK) << 20 | (shardIndex & 0xFL) << 16;
        this.lowSuffix = (shardIndex & 0xFFFF_FFFFL) << 4 | VERSION;
    }

    public SequenceNumber number(long counter, long arrivalMillis) {
        long second = Math.floorDiv(arrivalMillis, 1000L) & SECONDS_MASK;
        return SequenceNumber.ofBits(
                highPrefix | counter >>> 48, counter << 16 | second >>> 28, second << 36 | lowSuffix);
    }

    /** Returns whether the number has this shard's creation second and index. */
    public boolean isOurs(SequenceNumber number) {
        return (number.highBits() & ~0xFFFFL) == highPrefix && (number.lowBits() & (1L << 36) - 1) == lowSuffix;
    }

    public static long counterOf(SequenceNumber number) {
        return number.highBits() << 48 | number.middleBits() >>> 16;
    }

    /** Returns the first counter under this opening number. */
    public static long firstCounterOf(int opening) {
        if (opening < 1) {
            throw new IllegalArgumentException(
                    "opening number " + opening + ": must be 1 to " + Integer.MAX_VALUE + "; use a new folder");
        }
        return (long) opening << OPENING_SHIFT;
    }

    public static int openingOf(long counter) {
        return (int) (counter >>> OPENING_SHIFT);
    }

    /** Returns whether half of the opening number's counters are used, so that another one is due. */
    public static boolean isHalfUsed(long counter) {
        return (counter & (1L << OPENING_SHIFT) - 1) >= HALF_OF_AN_OPENING;
    }

    public static String shardId(int index) {
        String digits = Integer.toString(index);
        return SHARD_ID_PREFIX + "0".repeat(SHARD_ID_DIGITS - digits.length()) + digits;
    }

    /** Returns the index in a shard's id, -1 if the text is not one. */
    public static int shardIndex(String shardId) {
        boolean isId = shardId.startsWith(SHARD_ID_PREFIX)
                && shardId.length() == SHARD_ID_PREFIX.length() + SHARD_ID_DIGITS
                && shardId.chars().skip(SHARD_ID_PREFIX.length()).allMatch(digit -> digit >= '0' && digit <= '9');
        long index = isId ? Long.parseLong(shardId.substring(SHARD_ID_PREFIX.length())) : -1;
        return index > Integer.MAX_VALUE ? -1 : (int) index;
    }
}
