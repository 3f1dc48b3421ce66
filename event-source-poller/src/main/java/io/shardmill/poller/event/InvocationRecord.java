package io.shardmill.poller.event;

import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The document an on-failure destination gets for a discarded batch, key for key in the order AWS writes it
 * (Lambda guide, "Retaining discarded batch records"; spec 7.1 to 7.5). Compact, on one line.
 */
public final class InvocationRecord {

    private static final JsonFactory JSON = new JsonFactory();

    private InvocationRecord() {}

    /** Returns the document for SQS and SNS, without the records (spec 7.2). */
    public static String json(DiscardedBatch batch) {
        return new String(json(batch, null), StandardCharsets.UTF_8);
    }

    /** Returns the document for S3 in UTF-8, with the event of the discarded records as a string of JSON (spec 7.3). */
    public static byte[] jsonWithPayload(DiscardedBatch batch) throws NotInvokedException {
        Payload event = batch.origin()
                .format()
                .event(batch.shard(), batch.records(), batch.place().window());
        return json(batch, event.bytes());
    }

    private static byte[] json(DiscardedBatch batch, byte @Nullable [] payload) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), document, JsonEncoding.UTF8)) {
            json.writeStartObject();
            writeContexts(json, batch);
            json.writeStringProperty("version", "1.0");
            if (payload != null) {
                json.writeName("payload");
                json.writeUTF8String(payload, 0, payload.length);
            }
            json.writeStringProperty("timestamp", EventTexts.millis(batch.timestamp()));
            batch.origin().format().writeBatchInfo(json, batch);
            writeWindow(json, batch.place().window());
            json.writeEndObject();
        }
        return document.toByteArray();
    }

    static void writeContexts(JsonGenerator json, DiscardedBatch batch) {
        writeRequest(json, batch);
        if (batch.response() != null) {
            writeResponse(json, batch.response());
        } else if (batch.condition() == DiscardedBatch.Condition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED) {
            json.writeNullProperty("responseContext"); // of other conditions it is left out
        }
    }

    private static void writeRequest(JsonGenerator json, DiscardedBatch batch) {
        json.writeObjectPropertyStart("requestContext");
        json.writeStringProperty("requestId", batch.origin().requestId());
        json.writeStringProperty("functionArn", batch.origin().functionArn());
        json.writeStringProperty("condition", batch.condition().wireName());
        json.writeNumberProperty("approximateInvokeCount", batch.invokeCount());
        json.writeEndObject();
    }

    private static void writeResponse(JsonGenerator json, DiscardedBatch.Response response) {
        json.writeObjectPropertyStart("responseContext");
        json.writeNumberProperty("statusCode", 200);
        json.writeStringProperty("executedVersion", response.executedVersion());
        json.writeStringProperty("functionError", response.functionError()); // null is written as null
        json.writeEndObject();
    }

    /** Spec 7.4: without the state. */
    static void writeWindow(JsonGenerator json, @Nullable Window window) {
        if (window == null) {
            return;
        }
        json.writeObjectPropertyStart("timeWindowInfo");
        WindowJson.writeBounds(json, window);
        WindowJson.writeFlags(json, window);
        json.writeEndObject();
    }
}
