package io.shardmill.lambda.injvm;

import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.core.JsonProcessingException;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.JsonMappingException;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * AWS's own conversion between JSON and a handler's types, chosen as Lambda's Java runtime does (runtime API notes
 * 4.4). AWS's classes remember a function's classes by name in static fields, so each handler jar gets a copy of them
 * and of this class: see {@link RuntimeClassLoader}. The serializers it gives are thread-safe.
 */
final class AwsSerializers implements Function<Type, PojoSerializer<Object>> {

    private final @Nullable CustomPojoSerializer custom;

    /** @param functionLoader where a {@code CustomPojoSerializer} of the function's is looked for */
    AwsSerializers(ClassLoader functionLoader) {
        Iterator<CustomPojoSerializer> found =
                ServiceLoader.load(CustomPojoSerializer.class, functionLoader).iterator();
        this.custom = found.hasNext() ? found.next() : null;
        if (found.hasNext()) {
            throw new IllegalStateException(
                    "Too many serializers provided inside the META-INF/services folder, only one is allowed");
        }
    }

    @Override
    public PojoSerializer<Object> apply(Type type) {
        if (custom != null) {
            return new Custom(custom, type);
        }
        synchronized (AwsSerializers.class) { // AWS's statics are hash maps without a lock
            return new WithoutContent(standard(type));
        }
    }

    @SuppressWarnings("unchecked") // Lambda's runtime does the same
    private static PojoSerializer<Object> standard(Type type) {
        return type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())
                ? LambdaEventSerializers.serializerFor((Class<Object>) event, event.getClassLoader())
                : JacksonFactory.getInstance().getSerializer(type);
    }

    /** Says what is wrong without what the event or the answer holds: Jackson's own messages quote it. */
    private record WithoutContent(PojoSerializer<Object> serializer) implements PojoSerializer<Object> {

        @Override
        public Object fromJson(InputStream input) {
            try {
                return serializer.fromJson(input);
            } catch (UncheckedIOException invalid) {
                throw described(invalid);
            }
        }

        @Override
        public Object fromJson(String input) {
            try {
                return serializer.fromJson(input);
            } catch (UncheckedIOException invalid) {
                throw described(invalid);
            }
        }

        @Override
        public void toJson(@Nullable Object value, OutputStream output) {
            try {
                serializer.toJson(value, output);
            } catch (UncheckedIOException invalid) {
                throw described(invalid);
            }
        }

        /** Unwraps an {@code OutOfMemoryError}, which Jackson wraps when a setter throws it: the event did not cause it. */
        private static RuntimeException described(UncheckedIOException invalid) {
            for (Throwable cause = invalid; cause != null; cause = cause.getCause()) {
                if (cause instanceof OutOfMemoryError full) {
                    throw full;
                }
            }
            if (!(invalid.getCause() instanceof JsonProcessingException json)) {
                return invalid;
            }
            String where = json instanceof JsonMappingException mapping ? " at " + mapping.getPathReference() : "";
            return new IllegalArgumentException(json.getClass().getSimpleName() + where);
        }
    }

    private record Custom(CustomPojoSerializer serializer, Type type) implements PojoSerializer<Object> {

        @Override
        public Object fromJson(InputStream input) {
            return serializer.fromJson(input, type);
        }

        @Override
        public Object fromJson(String input) {
            return serializer.fromJson(input, type);
        }

        @Override
        public void toJson(@Nullable Object value, OutputStream output) {
            serializer.toJson(value, output, type);
        }
    }
}
