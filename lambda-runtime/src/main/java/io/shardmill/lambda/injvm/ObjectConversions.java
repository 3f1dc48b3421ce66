package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import io.shardmill.lambda.injvm.ObjectHandler.Conversion;
import io.shardmill.runtime.InvocableFunction.Reporting;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Conversions by the serializers of one class loader. */
record ObjectConversions(Function<Type, PojoSerializer<Object>> serializers) {

    private static final String EVENTS = "com.amazonaws.services.lambda.runtime.events.";

    /** Their item identifiers are strings. */
    private static final Set<String> RESPONSES = Set.of(EVENTS + "StreamsEventResponse", EVENTS + "SQSBatchResponse");

    /**
     * @param input null for a handler that takes no event
     * @throws HandlerInitException if there is no serializer for a type
     */
    Conversion between(@Nullable Type input, Type output) {
        return new Conversion(
                input == null ? null : serializer(input),
                isVoid(output) ? null : serializer(output),
                reporting(output));
    }

    private PojoSerializer<Object> serializer(Type type) {
        try {
            return serializers.apply(type);
        } catch (RuntimeException none) {
            throw new HandlerInitException("No conversion for " + type.getTypeName() + ": " + none.getMessage(), none);
        }
    }

    private static boolean isVoid(Type type) {
        return type == void.class || type == Void.class;
    }

    private static Reporting reporting(Type output) {
        if (isVoid(output)) {
            return Reporting.NEVER;
        }
        return RESPONSES.contains(output.getTypeName()) ? Reporting.BY_SEQUENCE_NUMBER : Reporting.PERHAPS;
    }
}
