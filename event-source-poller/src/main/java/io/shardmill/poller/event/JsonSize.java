package io.shardmill.poller.event;

import io.shardmill.function.SequenceNumber;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Calculates the bytes (UTF-8) that values take in JSON, without making the text. */
final class JsonSize {

    private static final int MAX_BITS = 192;
    static final int MAX_DIGITS = 58;
    static final int MAX_BYTES_PER_CHAR = 6;
    static final int MAX_EPOCH_SECONDS = 22;
    static final int MAX_LONG = 20;

    /** By bit length: the digits of the smallest number of that length; the largest has at most one more. */
    private static final byte[] LEAST_DIGITS = new byte[MAX_BITS + 1];
    /** A number has more than {@code i} digits if it is not below the power {@code i}, of which this is the first part. */
    private static final SequenceNumber[] POWERS_OF_TEN = new SequenceNumber[MAX_DIGITS];
    /** The size of each ASCII character inside a JSON string. */
    private static final byte[] ASCII = new byte[128];

    static {
        LEAST_DIGITS[0] = 1;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            LEAST_DIGITS[bits] = (byte) BigInteger.TWO.pow(bits - 1).toString().length();
        }
        for (int power = 0; power < MAX_DIGITS; power++) {
            POWERS_OF_TEN[power] =
                    SequenceNumber.parse(BigInteger.TEN.pow(power).toString()).withSubSequence(1);
        }
        for (int c = 0; c < ASCII.length; c++) {
            boolean shortEscape = "\"\\\b\t\n\f\r".indexOf(c) >= 0;
            ASCII[c] = (byte) (shortEscape ? 2 : c < ' ' ? 6 : 1);
        }
    }

    private JsonSize() {}

    /** Returns the text with a question mark for each half of a surrogate pair, which has no form in UTF-8. */
    static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
                }
                i++;
            }
        }
        return text;
    }

    /** The content of a JSON string, without its quotes; half a surrogate pair becomes a question mark. */
    static long escaped(String text) {
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ASCII.length) {
                size += ASCII[c];
            } else if (c < 0x800) {
                size += 2;
            } else if (!Character.isSurrogate(c)) {
                size += 3;
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                size += 4;
                i++;
            } else {
                size += 1;
            }
        }
        return size;
    }

    /** The text itself in UTF-8; half a surrogate pair becomes a question mark. */
    static long utf8(String text) {
        long size = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800 && !Character.isSurrogate(c)) {
                size += 2;
            } else if (c >= 0x80 && c < 0x800) {
                size += 1;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                size += 2; // four bytes for two characters
                i++;
            }
        }
        return size;
    }

    /** The decimal digits of the number, its sub-sequence number left out. */
    static int digits(SequenceNumber number) {
        int least = LEAST_DIGITS[bitLength(number)];
        return least < MAX_DIGITS && number.compareTo(POWERS_OF_TEN[least]) >= 0 ? least + 1 : least;
    }

    private static int bitLength(SequenceNumber number) {
        if (number.highBits() != 0) {
            return MAX_BITS - Long.numberOfLeadingZeros(number.highBits());
        }
        if (number.middleBits() != 0) {
            return 128 - Long.numberOfLeadingZeros(number.middleBits());
        }
        return 64 - Long.numberOfLeadingZeros(number.lowBits());
    }

    /** The decimal digits of the number, and its sign if it is negative. */
    static int decimal(long number) {
        int size = number < 0 ? 2 : 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            size++;
        }
        return size;
    }

    /** Standard base64 with padding. */
    static long base64(int bytes) {
        return (bytes + 2L) / 3 * 4;
    }

    /** As {@link EventTexts#epochSeconds} writes it. */
    static int epochSeconds(long millis) {
        int fraction = (int) Math.abs(millis % 1000);
        int decimals = fraction % 100 == 0 ? 1 : fraction % 10 == 0 ? 2 : 3;
        long seconds = Math.abs(millis / 1000);
        int digits = 1;
        while (seconds > 9) {
            seconds /= 10;
            digits++;
        }
        return (millis < 0 ? 1 : 0) + digits + 1 + decimals;
    }
}
