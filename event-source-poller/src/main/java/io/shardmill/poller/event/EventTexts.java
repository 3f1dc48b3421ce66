package io.shardmill.poller.event;

import io.shardmill.function.SequenceNumber;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Numbers and times as Lambda's documents write them. */
final class EventTexts {

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private EventTexts() {}

    /** The digits alone: an unpacked record is shown with the number of the record it came in (spec 4.1). */
    static String number(SequenceNumber number) {
        return number.subSequence() == 0
                ? number.toString()
                : number.withSubSequence(0).toString();
    }

    /** A time in UTC with three decimals, such as {@code 2026-09-19T09:11:14.716Z}. */
    static String millis(Instant time) {
        return MILLIS.format(time);
    }

    /** Seconds with one to three decimals, such as {@code 1789809023.187} or {@code 1789809023.0}. */
    static String epochSeconds(long millis) {
        BigDecimal seconds = BigDecimal.valueOf(millis, 3).stripTrailingZeros();
        return (seconds.scale() < 1 ? seconds.setScale(1) : seconds).toPlainString();
    }
}
