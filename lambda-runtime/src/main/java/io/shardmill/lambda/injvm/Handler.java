package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.Context;
import io.shardmill.runtime.InvocableFunction.Reporting;
import io.shardmill.runtime.Payload;
import java.io.OutputStream;

/** A handler of any kind as what it is to Lambda: an event's bytes in, an answer's bytes out. */
interface Handler {

    /**
     * Throws what the user's code throws, itself and not wrapped.
     *
     * @param event builds the event's JSON; asked once, or not at all by a handler that takes none
     */
    void handle(Payload event, OutputStream answer, Context context) throws Exception;

    Reporting reporting();
}
