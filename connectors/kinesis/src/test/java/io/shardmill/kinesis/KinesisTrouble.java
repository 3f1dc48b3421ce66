package io.shardmill.kinesis;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What goes wrong between a client and Kinesis, by chance; nothing by default, and answers take five milliseconds. */
final class KinesisTrouble extends FakeKinesisServer.Whims {

    private static final int PERCENT = 100;

    private final Random random;
    private final Map<String, Integer> counts = new TreeMap<>();

    /** Of a hundred requests. */
    int throttles;

    int faults;
    int timeouts;
    int expiries;
    int emptyPages;
    int shortPages;

    /** Of ten thousand pushes. */
    int cuts;

    /** Whether every request is denied. */
    boolean isDenied;

    int shardsOfAPage = Integer.MAX_VALUE;
    int listingLagMillis;
    long registrationMillis;
    int mostLatency = 5;

    KinesisTrouble(Random random) {
        this.random = random;
    }

    /** Nothing goes wrong from now on. */
    void calm() {
        throttles = 0;
        faults = 0;
        timeouts = 0;
        expiries = 0;
        emptyPages = 0;
        shortPages = 0;
        cuts = 0;
        isDenied = false;
    }

    @Override
    public String toString() {
        return "throttles " + throttles + ", faults " + faults + ", timeouts " + timeouts + ", expiries " + expiries
                + ", empty pages " + emptyPages + ", short pages " + shortPages + ", cuts " + cuts + ", denied "
                + isDenied;
    }

    private boolean strikes(String what, int percent) {
        boolean strikes = percent > 0 && random.nextInt(PERCENT) < percent;
        if (strikes) {
            count(what);
        }
        return strikes;
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** Returns how often each fault has happened. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** Whether a subscription's connection breaks. */
    boolean isCut() {
        boolean isCut = cuts > 0 && random.nextInt(10_000) < cuts;
        if (isCut) {
            count("cuts");
        }
        return isCut;
    }

    /** Whether the response to a request is lost, which may have been served. */
    boolean isUnheard() {
        return strikes("timeouts", timeouts);
    }

    boolean isServedUnheard() {
        return random.nextBoolean();
    }

    /** Returns why a request is refused, or null. */
    @Nullable
    SdkException refusal(boolean isRead) {
        if (isDenied) {
            count("denials");
            return KinesisFailures.denied();
        }
        if (strikes("throttles", throttles)) {
            return KinesisFailures.throttled();
        }
        if (strikes("faults", faults)) {
            return KinesisFailures.fault();
        }
        return isRead && strikes("expiries", expiries) ? KinesisFailures.expired("Iterator expired, by chance") : null;
    }

    static SdkException timeout(long millis) {
        return ApiCallTimeoutException.create(millis);
    }

    /** Latency in one direction. */
    long latency() {
        return mostLatency <= 5 ? mostLatency : 1 + random.nextInt(mostLatency);
    }

    @Override
    int shardsOfAPage() {
        return shardsOfAPage;
    }

    @Override
    int recordsOfAPage(int found) {
        if (strikes("empty pages", emptyPages)) {
            return 0;
        }
        return found > 0 && strikes("short pages", shortPages) ? 1 + random.nextInt(found) : found;
    }

    @Override
    boolean saysTheEndWithRecords() {
        return shortPages == 0 || random.nextBoolean();
    }

    @Override
    long registrationMillis() {
        return registrationMillis;
    }

    @Override
    long listingLagMillis() {
        return listingLagMillis == 0 ? 0 : random.nextInt(listingLagMillis);
    }
}
