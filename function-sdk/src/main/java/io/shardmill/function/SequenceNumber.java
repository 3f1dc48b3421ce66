package io.shardmill.function;

import java.math.BigInteger;

/**
 * A record's place in its shard: a whole number of up to 192 bits, and a sub-sequence number for a
 * record that was unpacked from another one: those count from 1. Numbers of one shard grow in the order of reading.
 * Compared as numbers, never as text (spec case 56). A number alone stands for all that was unpacked from its record, and
 * comes after it: {@code 7:1 < 7:2 < 7 < 8:1}.
 *
 * <p>Immutable. Kept as bits and made into text only when asked for: printing Kinesis's 56 digits costs
 * more than delivering the record.
 */
public final class SequenceNumber implements Comparable<SequenceNumber> {

    private static final int MAX_BITS = 192;
    private static final char SUB_SEPARATOR = ':';

    private final long high;
    private final long middle;
    private final long low;
    private final int subSequence;

    private SequenceNumber(long high, long middle, long low, int subSequence) {
        if (subSequence < 0) {
            throw new IllegalArgumentException("sub-sequence number " + subSequence + " must not be negative");
        }
        this.high = high;
        this.middle = middle;
        this.low = low;
        this.subSequence = subSequence;
    }

    /** A number that fits a {@code long}, such as a Kafka offset; must not be negative. */
    public static SequenceNumber of(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("sequence number " + number + " must not be negative");
        }
        return new SequenceNumber(0, 0, number, 0);
    }

    /** The 192-bit number whose 64-bit words, read as unsigned, are {@code high}, {@code middle} and {@code low}. */
    public static SequenceNumber ofBits(long high, long middle, long low) {
        return new SequenceNumber(high, middle, low, 0);
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if the text is no decimal number of at most 192 bits, optionally
     *     followed by {@code :} and a sub-sequence number
     */
    public static SequenceNumber parse(String text) {
        int separator = text.indexOf(SUB_SEPARATOR);
        String number = separator < 0 ? text : text.substring(0, separator);
        String sub = separator < 0 ? "0" : text.substring(separator + 1);
        if (!isDecimal(number, 58) || !isDecimal(sub, 9)) {
            throw notANumber(text);
        }
        BigInteger value = new BigInteger(number);
        if (value.bitLength() > MAX_BITS) {
            throw notANumber(text);
        }
        return new SequenceNumber(
                value.shiftRight(128).longValue(),
                value.shiftRight(64).longValue(),
                value.longValue(),
                Integer.parseInt(sub));
    }

    private static boolean isDecimal(String text, int maxDigits) {
        return !text.isEmpty()
                && text.length() <= maxDigits
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    private static IllegalArgumentException notANumber(String text) {
        String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
        return new IllegalArgumentException("'" + shown + "' is not a sequence number:"
                + " it must be a decimal number of at most 192 bits, as a record shows it");
    }

    /** This number with another sub-sequence number (0 or more). */
    public SequenceNumber withSubSequence(int subSequence) {
        return new SequenceNumber(high, middle, low, subSequence);
    }

    /** 0 for a record that was not unpacked from another one. */
    public int subSequence() {
        return subSequence;
    }

    /** The upper 64 of the 192 bits. */
    public long highBits() {
        return high;
    }

    /** The middle 64 of the 192 bits. */
    public long middleBits() {
        return middle;
    }

    /** The lower 64 of the 192 bits. */
    public long lowBits() {
        return low;
    }

    public boolean isAfter(SequenceNumber other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(SequenceNumber other) {
        int order = Long.compareUnsigned(high, other.high);
        if (order == 0) {
            order = Long.compareUnsigned(middle, other.middle);
        }
        if (order == 0) {
            order = Long.compareUnsigned(low, other.low);
        }
        return order != 0 ? order : Integer.compareUnsigned(subSequence - 1, other.subSequence - 1); // 0 is the last
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceNumber number && compareTo(number) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 * 31 + middle * 31 + low) + subSequence;
    }

    /** The decimal digits, and {@code :} with the sub-sequence number if there is one. */
    @Override
    public String toString() {
        String digits = unsigned(high)
                .shiftLeft(128)
                .or(unsigned(middle).shiftLeft(64))
                .or(unsigned(low))
                .toString();
        return subSequence == 0 ? digits : digits + SUB_SEPARATOR + subSequence;
    }

    private static BigInteger unsigned(long word) {
        BigInteger value = BigInteger.valueOf(word & Long.MAX_VALUE);
        return word < 0 ? value.setBit(63) : value;
    }
}
