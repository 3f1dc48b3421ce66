package io.shardmill.poller.checkpoint;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values of a checkpoint that hold more than one, as text that people can read: {@code 0/4=4967…} for a fact,
 * {@code 0/4u=4967…:2} for one about unpacked records,
 * {@code 2/4*3=4967…,4968…} for a head with three attempts and two parts to do,
 * {@code 0/1*3=FINAL} for one that is only a window's final invocation,
 * {@code 2026-11-23T08:00:00Z/2026-11-23T08:01:00Z OPEN} for a window. Reading throws
 * {@link IllegalArgumentException} on what writing did not write.
 */
public final class ProgressText {

    private static final String SEPARATOR = " ";
    private static final String FINAL = "FINAL";
    private static final String UNPACKED = "u";
    private static final Pattern FACT = Pattern.compile("(\\d{1,4})/(\\d{1,4})(u?)=([\\d:]+)");
    private static final Pattern HEAD = Pattern.compile("(\\d{1,4})/(\\d{1,4})\\*(\\d{1,9})=([\\d:,]+|FINAL)");

    private static final Pattern WINDOW = Pattern.compile("([^/ ]+)/([^/ ]+) (OPEN|CLOSING|CLOSING_EARLY)");

    private ProgressText() {}

    public static String ofPosition(Position position) {
        return position.toString();
    }

    public static Position position(String text) {
        String[] words = text.split(SEPARATOR, 2);
        String value = words.length == 2 ? words[1] : "";
        if (text.equals("TRIM_HORIZON")) {
            return Position.trimHorizon();
        } else if (words[0].equals("AT_TIMESTAMP")) {
            return Position.atTimestamp(instant(value));
        } else if (words[0].equals("AT_SEQUENCE_NUMBER")) {
            return Position.at(SequenceNumber.parse(value));
        } else if (words[0].equals("AFTER_SEQUENCE_NUMBER")) {
            return Position.after(SequenceNumber.parse(value));
        }
        throw new IllegalArgumentException("'" + text + "' is no position: it must be TRIM_HORIZON, AT_TIMESTAMP"
                + " <time>, AT_SEQUENCE_NUMBER <number> or AFTER_SEQUENCE_NUMBER <number>");
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no time such as 2026-11-23T08:00:00Z", e);
        }
    }

    public static String ofFacts(List<LaneFact> facts) {
        return join(facts, fact -> ofLane(fact) + "=" + fact.through());
    }

    public static List<LaneFact> facts(String text) {
        return split(text, ProgressText::fact);
    }

    /** Returns the lane that a fact is about: {@code 0/4}, or {@code 0/4u} of unpacked records. */
    public static String ofLane(LaneFact fact) {
        return fact.lane() + "/" + fact.factor() + (fact.unpacked() ? UNPACKED : "");
    }

    public static LaneFact fact(String lane, String through) {
        return fact(lane + "=" + through);
    }

    private static LaneFact fact(String text) {
        Matcher fact = matched(FACT, text, "lane/factor=number");
        return new LaneFact(
                lane(fact),
                factor(fact),
                SequenceNumber.parse(fact.group(4)),
                fact.group(3).equals(UNPACKED));
    }

    public static String ofHeads(List<RetryState> heads) {
        return join(
                heads,
                head -> head.lane() + "/" + head.factor() + "*" + head.attempts() + "=" + ofEnds(head.partEnds()));
    }

    private static String ofEnds(List<SequenceNumber> ends) {
        return ends.isEmpty()
                ? FINAL
                : ends.stream().map(SequenceNumber::toString).collect(Collectors.joining(","));
    }

    public static List<RetryState> heads(String text) {
        return split(text, word -> {
            Matcher head = matched(HEAD, word, "lane/factor*attempts=number,number");
            List<SequenceNumber> ends = head.group(4).equals(FINAL)
                    ? List.of()
                    : Arrays.stream(head.group(4).split(",", -1))
                            .map(SequenceNumber::parse)
                            .toList();
            return new RetryState(lane(head), factor(head), Integer.parseInt(head.group(3)), ends);
        });
    }

    /** Bounds and phase; the state is not part of it. */
    public static String ofWindow(OpenWindow window) {
        return window.start() + "/" + window.end() + SEPARATOR + window.phase();
    }

    public static OpenWindow window(String text, String state) {
        Matcher window = matched(WINDOW, text, "start/end phase");
        return new OpenWindow(
                instant(window.group(1)), instant(window.group(2)), state, OpenWindow.Phase.valueOf(window.group(3)));
    }

    public static String ofShards(List<String> shards) {
        return join(shards, shard -> {
            if (shard.isEmpty() || shard.contains(SEPARATOR)) {
                throw new IllegalArgumentException("shard id '" + shard + "' must not be empty or contain a blank");
            }
            return shard;
        });
    }

    public static List<String> shards(String text) {
        return split(text, Function.identity());
    }

    private static int lane(Matcher matcher) {
        return Integer.parseInt(matcher.group(1));
    }

    private static int factor(Matcher matcher) {
        int factor = Integer.parseInt(matcher.group(2));
        if (lane(matcher) >= factor) {
            throw new IllegalArgumentException(
                    "'" + matcher.group() + "' names lane " + lane(matcher) + " of only " + factor);
        }
        return factor;
    }

    private static Matcher matched(Pattern pattern, String word, String form) {
        Matcher matcher = pattern.matcher(word);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + word + "' is not of the form " + form);
        }
        return matcher;
    }

    private static <T> String join(List<T> values, Function<T, String> text) {
        return values.stream().map(text).collect(Collectors.joining(SEPARATOR));
    }

    private static <T> List<T> split(String text, Function<String, T> value) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(SEPARATOR, -1)).map(value).toList();
    }
}
