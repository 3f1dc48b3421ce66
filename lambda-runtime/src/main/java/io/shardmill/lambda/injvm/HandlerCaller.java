package io.shardmill.lambda.injvm;

import io.shardmill.lambda.LambdaAnswer;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Payload;
import java.io.ByteArrayOutputStream;

/** Calls a function's handlers with its {@code Context}, and reads what they answer. */
record HandlerCaller(FunctionIdentity function, FunctionLogger logger) {

    static HandlerCaller of(FunctionIdentity function) {
        return new HandlerCaller(function, FunctionLogger.of(function));
    }

    Answer call(Handler handler, Invocation invocation) throws Exception {
        return LambdaAnswer.read(call(
                handler, invocation.event(), new FunctionContext(function, FunctionCall.current(function), logger)));
    }

    /** Returns the answer as it is. */
    byte[] call(Handler handler, DirectInvocation invocation) throws Exception {
        DirectInvocation.Caller caller = invocation.caller();
        FunctionCall call = new FunctionCall(
                caller.requestId(),
                caller.arn() == null ? function.arn() : caller.arn(),
                invocation.remainingTime(),
                CallerContext.of(caller.clientContext()));
        return call(
                handler,
                Payload.of(invocation.payload()),
                new FunctionContext(function, call, logger.also(invocation.log())));
    }

    private static byte[] call(Handler handler, Payload event, FunctionContext context) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handle(event, answer, context);
        return answer.toByteArray();
    }
}
