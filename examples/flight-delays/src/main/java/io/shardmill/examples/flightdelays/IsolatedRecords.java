package io.shardmill.examples.flightdelays;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the on-failure destination received: a file of one JSON document a line. */
@Component
class IsolatedRecords {

    private final Path file;
    private final JsonMapper json;

    IsolatedRecords(@Value("${shardmill.mappings.delays.on-failure}") String destination, JsonMapper json) {
        this.file = Path.of(destination.substring("file:".length()));
        this.json = json;
    }

    /** The sequence numbers of all records in the file, in this run or an earlier one. */
    Set<String> sequenceNumbers() {
        Set<String> numbers = new TreeSet<>();
        if (!Files.exists(file)) {
            return numbers;
        }
        try (Stream<String> documents = Files.lines(file)) {
            documents.forEach(line -> addNumbers(line, numbers));
            return numbers;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The file of isolated records can't be read: " + file, unreadable);
        }
    }

    /** A line that is cut short by a crash is none: its batch was sent again. */
    private void addNumbers(String line, Set<String> numbers) {
        try {
            JsonNode event = json.readTree(json.readTree(line).path("payload").asString());
            for (JsonNode each : event.path("Records")) {
                numbers.add(each.path("kinesis").path("sequenceNumber").asString());
            }
        } catch (JacksonException cutShort) {
            // Not a document.
        }
    }
}
