package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.injvm.JvmHost;
import io.shardmill.lambda.process.ProcessHost;
import io.shardmill.lambda.process.ProcessOptions;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.FunctionInvoker;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Isolation;
import io.shardmill.runtime.arn.AwsScope;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;

/** {@link PayloadHandler} deployed into a folder, to be run in both ways and invoked as the engine does. */
record DeployedHandler(Path code, FunctionHost processes, FunctionHost jvm, ScheduledThreadPoolExecutor timer)
        implements AutoCloseable {

    /** The largest heap of its process: Lambda's default. */
    static final int MEGABYTES = FunctionConfiguration.DEFAULT_MEMORY;

    private static final String NAME = "payload";
    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");
    private static final KinesisFormat ORIGIN =
            KinesisFormat.of("arn:aws:kinesis:us-east-1:000000000000:stream/orders");

    /** One class of each library that comes with the function: AWS's events, and what they need. */
    private static final List<String> LIBRARIES =
            List.of("com/amazonaws/services/lambda/runtime/events/KinesisEvent.class", "org/joda/time/DateTime.class");

    interface Call {
        void once() throws Exception;
    }

    static DeployedHandler in(Bench bench) throws IOException {
        Path code = bench.folder("code");
        deploy(code);
        return new DeployedHandler(
                code,
                new ProcessHost(ProcessOptions.in(bench.folder("processes"))),
                new JvmHost(),
                new ScheduledThreadPoolExecutor(1));
    }

    /** Its class in the folder, its libraries in {@code lib}. */
    private static void deploy(Path folder) throws IOException {
        ClassLoader loader = PayloadHandler.class.getClassLoader();
        String name = PayloadHandler.class.getName().replace('.', '/') + ".class";
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (InputStream bytes = Objects.requireNonNull(loader.getResourceAsStream(name), name)) {
            Files.copy(bytes, file);
        }
        Path lib = Files.createDirectory(folder.resolve("lib"));
        for (String type : LIBRARIES) {
            JarURLConnection inJar = (JarURLConnection)
                    Objects.requireNonNull(loader.getResource(type), type).openConnection();
            try (InputStream jar = inJar.getJarFileURL().openStream()) {
                Files.copy(jar, lib.resolve(type.replace('/', '.') + ".jar"));
            }
        }
    }

    HostedFunction inJvm() {
        return jvm.open(revision(Isolation.JVM));
    }

    /** Its process is started by its first invocation. */
    HostedFunction inProcess() {
        return processes.open(revision(Isolation.PROCESS));
    }

    private FunctionRevision revision(Isolation isolation) {
        return new FunctionRevision(
                FunctionConfiguration.of(NAME, LambdaRuntime.JAVA17, PayloadHandler.class.getName())
                        .with(isolation),
                Answer.LATEST,
                code,
                AwsScope.DEFAULT);
    }

    /** An invocation that has to succeed. */
    Call invoking(InvocableFunction function, Invocation invocation) {
        FunctionInvoker invoker = new FunctionInvoker(
                NAME, function, FunctionSettings.defaults(), new Deadlines(timer), InvocationInterceptor.NONE);
        return () -> {
            InvocationOutcome outcome = invoker.invoke(invocation, true, DeadlineListener.IGNORED);
            if (!(outcome instanceof InvocationOutcome.Succeeded)) {
                throw new IllegalStateException(outcome.describe());
            }
        };
    }

    static Invocation batch(int size) {
        Random random = new Random(size);
        List<Record> records = IntStream.range(0, size)
                .mapToObj(number -> {
                    byte[] payload = new byte[PayloadHandler.BYTES];
                    random.nextBytes(payload);
                    return Record.of(SHARD, SequenceNumber.of(number), "key", payload, 0);
                })
                .toList();
        return new Invocation(
                new Invocation.Origin("benchmark", SHARD, 0, 1),
                new Invocation.Attempt("8b2c3a4e-0000-4000-8000-000000000001", 1),
                records,
                null,
                ORIGIN.event(SHARD, records, null));
    }

    @Override
    public void close() {
        processes.close();
        jvm.close();
        timer.shutdownNow();
    }
}
