package io.shardmill.aws.kinesis;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** Messages in AWS's framing, each sent at once. For one thread. */
final class EventStream {

    static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

    private final OutputStream out;
    private final Wire wire;

    EventStream(OutputStream out, Wire wire) {
        this.out = out;
        this.wire = wire;
    }

    /** To be filled with an event's members. */
    Reply event() {
        return new Reply(wire);
    }

    void send(String eventType, Reply event) throws IOException {
        send(Map.of(":message-type", text("event"), ":event-type", text(eventType)), event.finish());
    }

    /** The answer's first message; AWS's clients wait for it. */
    void begin() throws IOException {
        send("initial-response", event());
    }

    /** An error, behind which nothing comes. */
    void fail(String errorCode, String message) throws IOException {
        send(
                Map.of(":message-type", text("exception"), ":exception-type", text(errorCode)),
                event().text("message", message).finish());
    }

    private void send(Map<String, HeaderValue> headers, byte[] payload) throws IOException {
        Map<String, HeaderValue> all = new HashMap<>(headers);
        all.put(":content-type", text(wire.contentType()));
        new Message(all, payload).encode(out);
        out.flush();
    }

    private static HeaderValue text(String value) {
        return HeaderValue.fromString(value);
    }
}
