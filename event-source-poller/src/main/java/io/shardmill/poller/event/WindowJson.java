package io.shardmill.poller.event;

import io.shardmill.runtime.Window;
import tools.jackson.core.JsonGenerator;

/** A tumbling window as events and invocation records of any source show it. */
final class WindowJson {

    private WindowJson() {}

    /** What an event has of its window, beside its records. */
    static void write(JsonGenerator json, String shardId, String sourceArn, Window window) {
        json.writeStringProperty("shardId", shardId);
        json.writeStringProperty("eventSourceARN", sourceArn);
        writeBounds(json, window);
        json.writeName("state");
        json.writeRawValue(JsonSize.whole(window.state()));
        writeFlags(json, window);
    }

    /** Whole seconds, so that they need no fraction. */
    static void writeBounds(JsonGenerator json, Window window) {
        json.writeObjectPropertyStart("window");
        json.writeStringProperty("start", window.start().toString());
        json.writeStringProperty("end", window.end().toString());
        json.writeEndObject();
    }

    static void writeFlags(JsonGenerator json, Window window) {
        json.writeBooleanProperty("isFinalInvokeForWindow", window.isFinal());
        json.writeBooleanProperty("isWindowTerminatedEarly", window.isTerminatedEarly());
    }
}
