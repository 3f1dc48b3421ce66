package io.shardmill.examples.flightdelays;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** 20,000 flights of 2001 in order of time, numbered, and a few of them cut short on purpose. */
@Component
class FlightFile {

    /** Line numbers, from 0, of flights whose JSON is put into the stream without its second half. */
    static final Set<Integer> BROKEN = Set.of(1_313, 4_711, 7_777, 12_345, 19_990);

    /** A line as it is put: its origin airport is the partition key. */
    record Line(String origin, String text) {}

    private final JsonMapper json;

    FlightFile(JsonMapper json) {
        this.json = json;
    }

    private Line line(int number, String text) {
        String numbered = "{\"line\":" + number + "," + text.substring(1);
        String origin = json.readValue(numbered, Flight.class).origin();
        return new Line(origin, BROKEN.contains(number) ? numbered.substring(0, numbered.length() / 2) : numbered);
    }

    List<Line> lines() {
        try (InputStream packed = new ClassPathResource("flights/flights-20k.jsonl.gz").getInputStream();
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
            List<Line> lines = new ArrayList<>();
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                lines.add(line(lines.size(), text));
            }
            return lines;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The flights can't be read from the application's own jar", unreadable);
        }
    }
}
