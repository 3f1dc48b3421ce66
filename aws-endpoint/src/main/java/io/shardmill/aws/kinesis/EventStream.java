package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Wire;
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

    /** Returns a writer of an event's members. */
    ResponseWriter event() {
        return new ResponseWriter(wire);
    }

    void send(String eventType, ResponseWriter event) throws IOException {
        send(message(eventType, event));
    }

    /** The answer's first message; AWS's clients wait for it. */
    void begin() throws IOException {
        send("initial-response", event());
    }

    /** An error, behind which nothing comes. */
    void fail(String errorCode, String message) throws IOException {
        send(encoded(
                Map.of(":message-type", text("exception"), ":exception-type", text(errorCode)),
                event().text("message", message)));
    }

    /** An event as it is sent. */
    byte[] message(String eventType, ResponseWriter event) {
        return encoded(Map.of(":message-type", text("event"), ":event-type", text(eventType)), event);
    }

    void send(byte[] message) throws IOException {
        out.write(message);
        out.flush();
    }

    private byte[] encoded(Map<String, HeaderValue> headers, ResponseWriter members) {
        Map<String, HeaderValue> all = new HashMap<>(headers);
        all.put(":content-type", text(wire.contentType()));
        return new Message(all, members.finish()).toByteBuffer().array();
    }

    private static HeaderValue text(String value) {
        return HeaderValue.fromString(value);
    }
}
