package io.shardmill.aws.lambda;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Reads what functions are invoked with, whose length is bounded before. Any JSON will do; nothing of it is kept. */
final class PayloadJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxNameLength(InvokeOperation.MAX_BYTES)
                    .maxNumberLength(InvokeOperation.MAX_BYTES)
                    .build())
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private PayloadJson() {}

    static JsonParser parser(byte[] payload) {
        return FACTORY.createParser(ObjectReadContext.empty(), payload);
    }
}
