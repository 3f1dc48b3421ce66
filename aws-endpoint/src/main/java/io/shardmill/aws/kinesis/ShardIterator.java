package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A place in a shard of one incarnation of a stream, and when it was given out. To clients it is a text without
 * meaning, which is taken back exactly as it was given or not at all; it outlives this process.
 *
 * @param issuedMillis since the epoch
 */
record ShardIterator(long issuedMillis, String stream, String incarnation, String shardId, Position position) {

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int FIELDS = 6;
    /** As some clients send it, and AWS takes it. */
    private static final Pattern QUOTED = Pattern.compile("^\"(.*)\"$");

    /** The same place, given out anew. */
    ShardIterator at(Position next, long nowMillis) {
        return new ShardIterator(nowMillis, stream, incarnation, shardId, next);
    }

    String token() {
        String fields =
                String.join("/", Long.toString(issuedMillis), stream, incarnation, shardId, Places.text(position));
        String text = fields + "/" + checksum(fields);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * One that was given out before the clock was set back is good: it lives the longer.
     *
     * @throws AwsException if the token was not made here, or too long ago
     */
    static ShardIterator of(String token, long nowMillis) {
        String bare = QUOTED.matcher(token).replaceFirst("$1");
        ShardIterator iterator = parse(bare);
        if (!iterator.token().equals(bare)) {
            throw invalid();
        }
        if (nowMillis - iterator.issuedMillis > LIFE.toMillis()) {
            throw KinesisErrors.of(
                    "ExpiredIteratorException",
                    "Iterator expired. The iterator was created at time " + time(iterator.issuedMillis)
                            + " while right now it is " + time(nowMillis)
                            + " which is further in the future than the tolerated delay of " + LIFE.toMillis()
                            + " milliseconds.");
        }
        return iterator;
    }

    private static ShardIterator parse(String token) {
        try {
            String[] fields = new String(Base64.getDecoder().decode(token), StandardCharsets.ISO_8859_1).split("/", -1);
            if (fields.length != FIELDS || !fields[FIELDS - 1].equals(checksum(fields))) {
                throw invalid();
            }
            return new ShardIterator(
                    Long.parseLong(fields[0]), fields[1], fields[2], fields[3], Places.position(fields[4]));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static String checksum(String[] fields) {
        return checksum(String.join("/", Arrays.copyOf(fields, FIELDS - 1)));
    }

    private static String checksum(String fields) {
        CRC32C crc = new CRC32C();
        crc.update(fields.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }

    private static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    static AwsException invalid() {
        return KinesisErrors.invalidArgument("Invalid ShardIterator.");
    }

    /** Positions as they are written in a token. */
    private static final class Places {

        static String text(Position position) {
            if (position instanceof Position.TrimHorizon) {
                return "T";
            }
            if (position instanceof Position.AtTimestamp at) {
                return "M" + at.timestamp().toEpochMilli();
            }
            if (position instanceof Position.At at) {
                return "A" + at.number();
            }
            if (position instanceof Position.After after) {
                return "F" + after.number();
            }
            throw new IllegalStateException("unknown position " + position);
        }

        /** @throws IllegalArgumentException if it is none */
        static Position position(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("no position");
            }
            String value = text.substring(1);
            return switch (text.charAt(0)) {
                case 'T' -> Position.trimHorizon();
                case 'M' -> Position.atTimestamp(Instant.ofEpochMilli(Long.parseLong(value)));
                case 'A' -> Position.at(SequenceNumber.parse(value));
                case 'F' -> Position.after(SequenceNumber.parse(value));
                default -> throw new IllegalArgumentException(text);
            };
        }
    }
}
