package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import io.shardmill.runtime.InvocableFunction.Reporting;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.Payload;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A handler of objects: AWS's serializer makes them of the event, and the answer of what comes back (runtime API
 * notes 4.2 to 4.4).
 */
record ObjectHandler(Conversion conversion, Call call) implements Handler {

    /** The user's code. */
    interface Call {
        @Nullable
        Object call(@Nullable Object input, Context context) throws Exception;
    }

    /**
     * @param input null for a handler that takes no event
     * @param output null for one that returns nothing
     */
    record Conversion(
            @Nullable PojoSerializer<Object> input,
            @Nullable PojoSerializer<Object> output,
            Reporting reporting) {}

    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    @Override
    public Reporting reporting() {
        return conversion.reporting();
    }

    @Override
    public void handle(Payload event, OutputStream answer, Context context) throws Exception {
        PojoSerializer<Object> input = conversion.input();
        Object read = input == null ? null : read(input, event.stream());
        Object returned = call.call(read, context);
        PojoSerializer<Object> output = conversion.output();
        if (output == null) {
            answer.write(NULL);
        } else {
            write(output, returned, answer);
        }
    }

    /** Memory that is full now is not the handler's doing: it has not begun. */
    private static Object read(PojoSerializer<Object> input, InputStream event) throws NotInvokedException {
        try {
            return input.fromJson(event);
        } catch (OutOfMemoryError full) {
            throw NotInvokedException.internal(full);
        } catch (RuntimeException | LinkageError unreadable) {
            throw new RuntimeException("An error occurred during JSON parsing", unreadable);
        }
    }

    private static void write(PojoSerializer<Object> output, @Nullable Object returned, OutputStream answer) {
        try {
            output.toJson(returned, answer);
        } catch (RuntimeException | LinkageError unwritable) {
            throw new RuntimeException("An error occurred during JSON serialization of response", unwritable);
        }
    }
}
