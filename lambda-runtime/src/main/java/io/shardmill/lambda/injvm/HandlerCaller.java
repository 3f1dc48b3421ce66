package io.shardmill.lambda.injvm;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.LambdaAnswer;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Payload;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls a function's handlers with its {@code Context}, and reads what they answer. */
record HandlerCaller(FunctionIdentity function, FunctionLogger logger) {

    static HandlerCaller of(FunctionIdentity function) {
        return new HandlerCaller(function, FunctionLogger.of(function));
    }

    Answer call(Handler handler, Invocation invocation) throws Exception {
        byte[] answer = call(
                handler, invocation.event(), new FunctionContext(function, FunctionCall.current(function), logger));
        return LambdaAnswer.read(answer, invocation.records());
    }

    /**
     * Returns the answer as it is.
     *
     * @param remainingTime until its timeout; zero when that has passed
     * @param log gets the lines that the handler logs, beside the application's log; called by any thread
     */
    byte[] call(Handler handler, InvokeRequest request, Supplier<Duration> remainingTime, Consumer<String> log)
            throws Exception {
        FunctionCall call = new FunctionCall(
                request.requestId(),
                request.arn() == null ? function.arn() : request.arn(),
                remainingTime,
                CallerContext.of(request.context().client()));
        return call(handler, request.payload(), new FunctionContext(function, call, logger.also(log)));
    }

    private static byte[] call(Handler handler, Payload event, FunctionContext context) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handle(event, answer, context);
        return answer.toByteArray();
    }
}
