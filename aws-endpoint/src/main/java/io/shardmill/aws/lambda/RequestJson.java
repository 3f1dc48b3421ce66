package io.shardmill.aws.lambda;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Reads requests' JSON, whose length is bounded before. */
final class RequestJson {

    /** What no request needs more of: it is kept as a tree. */
    private static final JsonFactory MEMBERS = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxTokenCount(20_000)
                    .maxNameLength(4_096)
                    .maxNumberLength(100)
                    .maxStringLength(1 << 20)
                    .build())
            .build();

    /** Any JSON may be a payload; nothing of it is kept, names included. */
    private static final JsonFactory PAYLOADS = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxNameLength(InvokeOperation.MAX_BYTES)
                    .maxNumberLength(InvokeOperation.MAX_BYTES)
                    .build())
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private RequestJson() {}

    /** Of a request's members. */
    static JsonParser members(byte[] body) {
        return MEMBERS.createParser(ObjectReadContext.empty(), body);
    }

    /** Of what a function is invoked with. */
    static JsonParser payload(byte[] body) {
        return PAYLOADS.createParser(ObjectReadContext.empty(), body);
    }
}
