package io.shardmill.lambda.injvm;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.Isolation;
import io.shardmill.runtime.arn.AwsScope;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Opens handler jars as the host does. */
final class HandlerJars {

    private static final Deadlines DEADLINES = new Deadlines(new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "deadlines");
        thread.setDaemon(true);
        return thread;
    }));

    private HandlerJars() {}

    /** A function named {@code orders}. */
    static HandlerJarFunction open(Path code, String handler) {
        FunctionConfiguration configuration = FunctionConfiguration.of("orders", LambdaRuntime.JAVA17, handler)
                .with(Isolation.JVM);
        return HandlerJarFunction.open(
                new FunctionRevision(configuration, Answer.LATEST, code, AwsScope.DEFAULT), DEADLINES);
    }
}
