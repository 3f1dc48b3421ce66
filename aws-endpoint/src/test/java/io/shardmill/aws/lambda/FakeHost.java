package io.shardmill.aws.lambda;

import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.Runtime;
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

    /** Returns a request that creates a function with such code. */
    static CreateFunctionRequest.Builder function(String name, String text) {
        return CreateFunctionRequest.builder()
                .functionName(name)
                .runtime(Runtime.JAVA17)
                .handler("com.acme.Handler")
                .role("arn:aws:iam::000000000000:role/lambda")
                .code(code -> code.zipFile(SdkBytes.fromByteArray(code(text))));
    }

    /** Returns the members of such a request, with apostrophes for quotation marks. */
    static String members(String name) {
        return "'FunctionName':'" + name + "','Role':'arn:aws:iam::000000000000:role/r','Runtime':'java17',"
                + "'Handler':'com.acme.Handler','Code':{'ZipFile':'"
                + Base64.getEncoder().encodeToString(code("one")) + "'}";
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
    public HostedFunction open(FunctionRevision revision) {
        try {
            return new Fake(revision, Files.readString(revision.code().resolve("com/acme/Handler.class")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {}

    private final class Fake implements HostedFunction {

        private final FunctionRevision revision;
        private final String text;

        Fake(FunctionRevision revision, String text) {
            this.revision = revision;
            this.text = text;
        }

        @Override
        public InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
            String payload = new String(request.payload().bytes(), StandardCharsets.UTF_8);
            if (payload.startsWith("{\"Records\":")) {
                return batch(JsonMapper.shared().readTree(payload).get("Records"));
            }
            invoked.add(text + " " + revision.version() + " " + payload);
            if (payload.equals("\"wait\"")) {
                waiting.countDown();
                goOn.await();
            } else if (payload.equals("\"not now\"")) {
                throw new NotInvokedException("cannot run /opt/java/bin/java");
            } else if (payload.equals("\"error\"")) {
                throw new StackOverflowError("told to");
            }
            return response("\"" + text + "\"", payload.equals("\"fail\""));
        }

        private InvokeResponse batch(JsonNode events) {
            sources.add(events.get(0).get("eventSourceARN").stringValue());
            List<String> records = new ArrayList<>();
            for (JsonNode event : events) {
                byte[] data = Base64.getDecoder()
                        .decode(event.get("kinesis").get("data").stringValue());
                records.add(new String(data, StandardCharsets.UTF_8));
            }
            records.forEach(record -> invoked.add(text + " " + revision.version() + " " + record));
            return records.contains("report")
                    ? response("{\"batchItemFailures\":[{\"itemIdentifier\":null}]}", false)
                    : response("null", records.contains("fail"));
        }

        private InvokeResponse response(String payload, boolean failed) {
            return new InvokeResponse(
                    payload.getBytes(StandardCharsets.UTF_8),
                    failed ? InvokeResponse.UNHANDLED : null,
                    "a line".getBytes(StandardCharsets.UTF_8),
                    revision.version());
        }

        @Override
        public Duration longestInvocation() {
            return revision.timeout();
        }

        @Override
        public void kill() {}

        @Override
        public void close() {}
    }
}
