package io.shardmill.examples.flightdelays;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** What must come out, computed from the file by other means: no class of the example, no JSON library. */
final class FlightsByHand {

    static final Set<Integer> BROKEN = Set.of(1_313, 4_711, 7_777, 12_345, 19_990);

    private static final Pattern DELAY = Pattern.compile("\"delay\":\\s*(-?\\d+)");
    private static final Pattern ORIGIN = Pattern.compile("\"origin\":\\s*\"(\\w+)\"");

    /** One airport's numbers, delays in minutes. */
    record Airport(int flights, long totalDelay, int worstDelay) {

        static Airport of(List<Integer> delays) {
            return new Airport(
                    delays.size(),
                    delays.stream().mapToLong(Integer::longValue).sum(),
                    delays.stream().mapToInt(Integer::intValue).max().orElseThrow());
        }
    }

    private FlightsByHand() {}

    static List<String> lines() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(
                        FlightsByHand.class.getResourceAsStream("/flights/flights-20k.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    static String origin(String line) {
        return first(ORIGIN, line);
    }

    /** Every airport that has a flight whose line is whole. */
    static Map<String, Airport> table() {
        List<String> lines = lines();
        return IntStream.range(0, lines.size())
                .filter(index -> !BROKEN.contains(index))
                .mapToObj(lines::get)
                .collect(groupingBy(
                        FlightsByHand::origin,
                        TreeMap::new,
                        collectingAndThen(
                                toList(),
                                whole -> Airport.of(whole.stream()
                                        .map(line -> Integer.valueOf(first(DELAY, line)))
                                        .toList()))));
    }

    /** The first halves that are in the stream in place of the broken lines. */
    static List<String> brokenTexts() {
        List<String> lines = lines();
        return BROKEN.stream().map(index -> text(lines, index)).sorted().toList();
    }

    /** Each airport's texts as they must be in the stream, in order. */
    static Map<String, List<String>> streamOfEachAirport() {
        List<String> lines = lines();
        return IntStream.range(0, lines.size())
                .boxed()
                .collect(groupingBy(
                        index -> origin(lines.get(index)),
                        TreeMap::new,
                        collectingAndThen(
                                toList(),
                                indexes -> indexes.stream()
                                        .map(index -> text(lines, index))
                                        .toList())));
    }

    private static String text(List<String> lines, int index) {
        String line = "{\"line\":" + index + "," + lines.get(index).substring(1);
        return BROKEN.contains(index) ? line.substring(0, line.length() / 2) : line;
    }

    private static String first(Pattern pattern, String line) {
        return pattern.matcher(line)
                .results()
                .findFirst()
                .map((MatchResult found) -> found.group(1))
                .orElseThrow(() -> new AssertionError("no " + pattern + " in a line"));
    }
}
