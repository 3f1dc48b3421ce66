package io.shardmill.poller.event;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The document that a topic of Kafka gets for each discarded record (Lambda guide, "Using a Kafka topic as an on-failure
 * destination"; spec 7.5): that of {@link InvocationRecord}, but the {@code payload} is the event itself and no string. Compact, on
 * one line, in UTF-8.
 */
public final class KafkaInvocationRecord {

    private static final JsonFactory JSON = new JsonFactory();

    private KafkaInvocationRecord() {}

    /**
     * Returns the document.
     *
     * @param batch of a topic, with one record at most: {@link DiscardedBatch#ofEachRecord}
     */
    public static byte[] json(DiscardedBatch batch) {
        KafkaFormat format = (KafkaFormat) batch.origin().format();
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), document, JsonEncoding.UTF8)) {
            json.writeStartObject();
            InvocationRecord.writeContexts(json, batch);
            json.writeStringProperty("version", "1.0");
            json.writeStringProperty("timestamp", EventTexts.millis(batch.timestamp()));
            format.writeRecordInfo(json, batch);
            InvocationRecord.writeWindow(json, batch.place().window());
            json.writeObjectPropertyStart("payload");
            format.event(batch).writeMembers(json);
            json.writeEndObject();
            json.writeEndObject();
        }
        return document.toByteArray();
    }
}
