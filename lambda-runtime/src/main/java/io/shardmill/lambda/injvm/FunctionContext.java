package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;

/** Lambda's view of an invocation. Immutable, so a handler may pass it to its own threads. */
record FunctionContext(FunctionIdentity function, FunctionCall call, LambdaLogger logger) implements Context {

    @Override
    public String getAwsRequestId() {
        return call.requestId();
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
        return function.version();
    }

    @Override
    public String getInvokedFunctionArn() {
        return call.arn();
    }

    /** Null, as always without Cognito. */
    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        return call.client();
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) Math.min(Integer.MAX_VALUE, call.remainingTime().get().toMillis());
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
