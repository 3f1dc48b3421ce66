package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.shardmill.runtime.InvocableFunction.Reporting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/** A handler that reads and writes the bytes itself. */
record StreamHandler(RequestStreamHandler handler) implements Handler {

    @Override
    public void handle(Supplier<byte[]> event, OutputStream answer, Context context) throws IOException {
        handler.handleRequest(new ByteArrayInputStream(event.get()), answer, context);
    }

    @Override
    public Reporting reporting() {
        return Reporting.PERHAPS;
    }
}
