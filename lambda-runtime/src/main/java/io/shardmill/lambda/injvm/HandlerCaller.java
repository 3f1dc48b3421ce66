package io.shardmill.lambda.injvm;

import io.shardmill.function.InvocationContext;
import io.shardmill.lambda.LambdaAnswer;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import java.io.ByteArrayOutputStream;

/** Calls a function's handlers with its {@code Context}, and reads what they answer. */
record HandlerCaller(FunctionIdentity function, FunctionLogger logger) {

    static HandlerCaller of(FunctionIdentity function) {
        return new HandlerCaller(function, FunctionLogger.of(function));
    }

    Answer call(Handler handler, Invocation invocation) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handle(invocation.event(), answer, new FunctionContext(function, InvocationContext.current(), logger));
        return LambdaAnswer.read(answer.toByteArray());
    }
}
