package io.shardmill.server;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.PutEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The flights of the example, as it puts them: five lines are cut in half. */
record Flights(List<String> lines) {

    private static final Path FILE =
            Path.of("../examples/flight-delays/src/main/resources/flights/flights-20k.jsonl.gz");
    private static final Set<Integer> BROKEN = Set.of(1_313, 4_711, 7_777, 12_345, 19_990);
    private static final Pattern ORIGIN = Pattern.compile("\"origin\":\"(\\w+)\"");
    private static final Pattern DELAY = Pattern.compile("\"delay\":(-?\\d+)");

    static Flights read() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(FILE)), StandardCharsets.UTF_8))) {
            return new Flights(reader.lines().toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Into the stream {@code flights} of a server that doesn't run yet. */
    void putInto(Path dataDir) {
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(dataDir.resolve("streams")))) {
            streams.ensureStream("flights", StreamOptions.ofShards(4));
            List<PutEntry> entries = IntStream.range(0, lines.size())
                    .mapToObj(index -> PutEntry.of(first(ORIGIN, lines.get(index)), text(index)))
                    .toList();
            for (int from = 0; from < entries.size(); from += 500) {
                streams.putAll("flights", entries.subList(from, Math.min(from + 500, entries.size())));
            }
        }
    }

    private String text(int index) {
        String line = lines.get(index);
        return BROKEN.contains(index) ? line.substring(0, line.length() / 2) : line;
    }

    /** Of those whose line is whole. */
    long minutes() {
        return IntStream.range(0, lines.size())
                .filter(index -> !BROKEN.contains(index))
                .mapToLong(index -> Long.parseLong(first(DELAY, lines.get(index))))
                .sum();
    }

    int whole() {
        return lines.size() - BROKEN.size();
    }

    /** The texts of the broken ones. */
    List<String> broken() {
        return BROKEN.stream().map(this::text).toList();
    }

    private static String first(Pattern pattern, String line) {
        Matcher found = pattern.matcher(line);
        if (!found.find()) {
            throw new AssertionError("no " + pattern + " in a line");
        }
        return found.group(1);
    }
}
