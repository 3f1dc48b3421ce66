package io.shardmill.aws.protocol;

import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;

/** The two forms of a body: JSON, and the same in CBOR, as AWS's SDK for Java speaks it. */
public enum Wire {
    JSON(
            "application/x-amz-json-1.1",
            JsonFactory.builder().streamReadConstraints(Limits.READ).build()) {
        @Override
        Instant time(Number value) {
            return Instant.ofEpochMilli(Math.round(value.doubleValue() * 1000));
        }

        @Override
        public void writeTime(JsonGenerator out, long epochMillis) {
            out.writeNumber(BigDecimal.valueOf(epochMillis, 3));
        }
    },
    CBOR(
            "application/x-amz-cbor-1.1",
            CBORFactory.builder().streamReadConstraints(Limits.READ).build()) {
        @Override
        Instant time(Number value) {
            return Instant.ofEpochMilli(value.longValue());
        }

        @Override
        public void writeTime(JsonGenerator out, long epochMillis) {
            ((CBORGenerator) out).writeTag(EPOCH_TAG);
            out.writeNumber(epochMillis);
        }
    };

    /** Of a time since the epoch: in seconds by the standard, in milliseconds by AWS's SDK. */
    private static final int EPOCH_TAG = 1;

    private final String contentType;

    @SuppressWarnings("ImmutableEnumChecker") // as good as immutable once it is built
    private final TokenStreamFactory factory;

    Wire(String contentType, TokenStreamFactory factory) {
        this.contentType = contentType;
        this.factory = factory;
    }

    /** More than any request needs; the body's length is bounded before. Data are not texts, and may be longer. */
    private static final class Limits {
        static final StreamReadConstraints READ = StreamReadConstraints.builder()
                .maxNestingDepth(16)
                .maxNameLength(4_096)
                .maxNumberLength(100)
                .maxStringLength(1 << 20)
                .maxTokenCount(20_000)
                .build();
    }

    /** Returns the form of a body of that content type: JSON, unless it says CBOR. */
    public static Wire of(@Nullable String contentType) {
        return contentType != null && contentType.startsWith(CBOR.contentType) ? CBOR : JSON;
    }

    public String contentType() {
        return contentType;
    }

    JsonParser parser(byte[] body) {
        return factory.createParser(ObjectReadContext.empty(), body);
    }

    public JsonGenerator generator(OutputStream out) {
        return factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** Reads a time as a request gives it. */
    abstract Instant time(Number value);

    public abstract void writeTime(JsonGenerator out, long epochMillis);
}
