package io.shardmill.poller.event;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** Writes an event as a JSON object in UTF-8. Writing it takes a small buffer, whatever its size. */
final class EventJson {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private EventJson() {}

    /**
     * Writes the event; neither flushes nor closes {@code out}.
     *
     * @param members writes what is in the object
     */
    static void write(OutputStream out, Consumer<JsonGenerator> members) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        } catch (JacksonIOException broken) {
            throw broken.getCause();
        }
    }
}
