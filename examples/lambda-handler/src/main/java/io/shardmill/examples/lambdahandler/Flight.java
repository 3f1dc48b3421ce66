package io.shardmill.examples.lambdahandler;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A flight as a line of JSON. */
final class Flight {

    private static final Pattern WITH_DELAY = Pattern.compile("\\{.*\"delay\":\\s*(-?\\d+).*}");

    private Flight() {}

    /**
     * Its delay in minutes; less than 0 if it was early.
     *
     * @throws IllegalArgumentException if this is no whole flight
     */
    static int delayIn(String json) {
        Matcher flight = WITH_DELAY.matcher(json);
        if (!flight.matches()) {
            throw new IllegalArgumentException("no flight");
        }
        return Integer.parseInt(flight.group(1));
    }
}
