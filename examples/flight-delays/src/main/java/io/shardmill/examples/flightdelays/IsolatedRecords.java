package io.shardmill.examples.flightdelays;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
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

    /** The texts of all records in the file, in this run or an earlier one: a record that was put or sent twice counts once. */
    Set<String> texts() {
        Set<String> texts = new TreeSet<>();
        if (!Files.exists(file)) {
            return texts;
        }
        try (Stream<String> documents = Files.lines(file)) {
            documents.forEach(line -> addTexts(line, texts));
            return texts;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The file of isolated records can't be read: " + file, unreadable);
        }
    }

    private static String text(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asString()), StandardCharsets.UTF_8);
    }

    /** A line that is cut short by a crash is none: its batch was sent again. */
    private void addTexts(String line, Set<String> texts) {
        try {
            JsonNode event = json.readTree(json.readTree(line).path("payload").asString());
            for (JsonNode each : event.path("Records")) { // of Kinesis
                texts.add(text(each.path("kinesis").path("data")));
            }
            for (JsonNode partition : event.path("records")) { // of Kafka
                partition.forEach(each -> texts.add(text(each.path("value"))));
            }
        } catch (JacksonException cutShort) {
            // Not a document.
        }
    }
}
