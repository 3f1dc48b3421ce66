package io.shardmill.aws.lambda;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.lambda.deploy.FunctionConfiguration;
import io.shardmill.lambda.deploy.FunctionHost;
import io.shardmill.lambda.deploy.HostedFunction;
import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs functions without any process. What one answers is the text of its code, and its version; one whose payload is
 * {@code "wait"} waits until {@link #goOn}, one of {@code "fail"} fails, and one of
 * {@code "error"} ends with an error of this JVM's. A batch with a record {@code fail} fails; one
 * with a record {@code report} is reported as failed.
 */
final class FakeHost implements FunctionHost {

    private final List<String> invoked = new CopyOnWriteArrayList<>();
    private final List<String> sources = new CopyOnWriteArrayList<>();
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    /** A zip that counts as a handler's code. */
    static byte[] code(String text) {
        return Zips.of("com/acme/Handler.class", text);
    }

    /** What ran, as code, version, and payload or record. */
    List<String> invoked() {
        return invoked;
    }

    /** The sources of the batches' records, as their events name them. */
    List<String> sources() {
        return sources;
    }

    @Override
    public HostedFunction open(FunctionConfiguration configuration, String version, Path code) {
        try {
            return new Fake(configuration, version, Files.readString(code.resolve("com/acme/Handler.class")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {}

    private final class Fake implements HostedFunction {

        private final FunctionConfiguration configuration;
        private final String version;
        private final String text;

        Fake(FunctionConfiguration configuration, String version, String text) {
            this.configuration = configuration;
            this.version = version;
            this.text = text;
        }

        @Override
        public Answer invoke(Invocation invocation) throws NotInvokedException {
            JsonNode event = JsonMapper.shared().readTree(invocation.event().bytes());
            sources.add(event.get("Records").get(0).get("eventSourceARN").stringValue());
            List<String> records =
                    invocation.records().stream().map(Record::text).toList();
            records.forEach(record -> invoked.add(text + " " + version + " " + record));
            if (records.contains("fail")) {
                throw new IllegalStateException("told to");
            }
            return Answer.of(records.contains("report") ? Result.failedFrom(0) : Result.success());
        }

        @Override
        public InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
            String payload = new String(request.payload().bytes(), StandardCharsets.UTF_8);
            invoked.add(text + " " + version + " " + payload);
            if (payload.equals("\"wait\"")) {
                waiting.countDown();
                goOn.await();
            } else if (payload.equals("\"not now\"")) {
                throw new NotInvokedException("cannot run /opt/java/bin/java");
            } else if (payload.equals("\"error\"")) {
                throw new StackOverflowError("told to");
            }
            return new InvokeResponse(
                    ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8),
                    payload.equals("\"fail\"") ? "Unhandled" : null,
                    "a line".getBytes(StandardCharsets.UTF_8),
                    version);
        }

        @Override
        public Duration longestInvocation() {
            return configuration.settings().timeout();
        }

        @Override
        public void close() {}
    }
}
