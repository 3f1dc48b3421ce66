package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.shardmill.runtime.InvocableFunction.Reporting;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A handler that reads and writes the bytes itself. */
record StreamHandler(RequestStreamHandler handler) implements Handler {

    @Override
    public void handle(Payload event, OutputStream answer, Context context) throws IOException, NotInvokedException {
        handler.handleRequest(new ByteArrayInputStream(event.bytes()), answer, context);
    }

    @Override
    public Reporting reporting() {
        return Reporting.PERHAPS;
    }
}
