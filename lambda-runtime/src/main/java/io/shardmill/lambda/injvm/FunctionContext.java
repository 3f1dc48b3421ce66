package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.shardmill.function.InvocationContext;
import org.jspecify.annotations.Nullable;

/** Lambda's view of an invocation. Immutable, so a handler may pass it to its own threads. */
record FunctionContext(FunctionIdentity function, InvocationContext invocation, LambdaLogger logger)
        implements Context {

    @Override
    public String getAwsRequestId() {
        return invocation.requestId();
    }

    @Override
    public String getLogGroupName() {
        return function.logGroup();
    }

    @Override
    public String getLogStreamName() {
        return function.logStream();
    }

    @Override
    public String getFunctionName() {
        return function.name();
    }

    @Override
    public String getFunctionVersion() {
        return FunctionIdentity.VERSION;
    }

    @Override
    public String getInvokedFunctionArn() {
        return function.arn();
    }

    /** Null, as always with an event source mapping. */
    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    /** Null, as always with an event source mapping. */
    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) Math.min(Integer.MAX_VALUE, invocation.remainingTime().toMillis());
    }

    @Override
    public int getMemoryLimitInMB() {
        return function.memoryLimitMegabytes();
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }
}
