package io.shardmill.poller.internal.filter;

import io.shardmill.function.Record;
import io.shardmill.poller.event.RecordFields;
import io.shardmill.poller.event.Scalar;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Payloads by the rule of Kafka: a JSON object or array has fields, any other text is a value, and a condition on what a payload
 * is not is ignored, as if it was not in the pattern. A missing payload has no fields to ask of, so conditions on those are ignored
 * too; as a value it is absent.
 *
 * @param names what patterns name of it
 */
record TextPayloads(RecordFields source, PatternSet patterns, PayloadReader reader, NameTree names)
        implements PayloadViews {

    @Override
    public Views of(Record record) {
        if (!source.hasPayload(record)) {
            Views views = Views.ofObject(patterns);
            views.ignoreBelow(names);
            return views;
        }
        byte[] payload = record.bytes();
        String text = text(payload);
        Views json = text == null || !mayBeJson(text) ? null : reader.read(payload, names);
        if (json != null) {
            json.ignore(names);
            return json;
        }
        Views views = Views.ofObject(patterns);
        views.ignoreBelow(names);
        if (text == null) {
            views.ignore(names);
        } else {
            views.value(names.fields(), Scalar.string(text));
        }
        return views;
    }

    /** Returns null if it is not UTF-8. */
    private static @Nullable String text(byte[] payload) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder() // reports what is malformed
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    private static boolean mayBeJson(String text) {
        String json = text.stripLeading();
        return json.startsWith("{") || json.startsWith("[");
    }
}
