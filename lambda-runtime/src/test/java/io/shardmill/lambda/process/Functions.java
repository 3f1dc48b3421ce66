package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.Program;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.arn.AwsScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Functions for tests: deployed into a folder, closed together. */
final class Functions implements AutoCloseable {

    /** A bootstrap in sh: what is between the braces runs for each event, in {@code $id} and {@code $event}. */
    static final String LOOP = """
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            respond() { curl -sS -o /dev/null -d "$1" "$api/invocation/$id/response"; }
            next() {
              event=$(curl -sS -D "$TMPDIR/headers" "$api/invocation/next") || exit 99
              id=$(tr -d '\\r' < "$TMPDIR/headers" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
            }
            """;

    private final Path folder;
    private final HostResources resources;
    private final List<ProcessFunction> functions = new ArrayList<>();
    private int deployed;

    Functions(Path folder) {
        this.folder = folder;
        this.resources = HostResources.open(folder.resolve("processes"));
    }

    HostResources resources() {
        return resources;
    }

    Path newFolder() {
        try {
            return Files.createDirectory(folder.resolve("code-" + ++deployed));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A folder with an executable bootstrap. */
    Path bootstrap(String script) {
        try {
            Path code = newFolder();
            Path bootstrap = Files.writeString(code.resolve("bootstrap"), "#!/bin/sh\n" + script);
            Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
            return code;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A bootstrap that runs {@code body} for each event. */
    Path loop(String body) {
        return bootstrap(LOOP + "while :; do next\n" + body + "\ndone\n");
    }

    static FunctionRevision provided(Path code, Duration timeout) {
        return revision("provided.al2023", "the.handler", code, timeout, Map.of());
    }

    static FunctionRevision revision(
            String runtime, String handler, Path code, Duration timeout, Map<String, String> variables) {
        LambdaRuntime lambdas = LambdaRuntime.of(runtime);
        return new FunctionRevision(
                FunctionConfiguration.of("f", lambdas, handler)
                        .with(new Program(lambdas, handler, variables))
                        .with(new FunctionSettings(timeout, FunctionSettings.UNLIMITED)),
                Answer.LATEST,
                code.toAbsolutePath(),
                AwsScope.DEFAULT);
    }

    ProcessFunction start(FunctionRevision revision) {
        return start(revision, EnvironmentLimits.LAMBDA);
    }

    ProcessFunction start(FunctionRevision revision, EnvironmentLimits limits) {
        ProcessFunction function = new ProcessFunction(revision, resources.ownUser(), limits, resources);
        functions.add(function);
        return function;
    }

    /** Not counting one that is dead but not yet buried. */
    static boolean isAlive(long pid) {
        try {
            String stat =
                    Files.readString(Path.of("/proc/" + pid + "/stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    static String text(InvokeResponse response) {
        return new String(response.payload(), UTF_8);
    }

    static String tail(InvokeResponse response) {
        return new String(response.logTail(), UTF_8);
    }

    @Override
    public void close() {
        functions.forEach(ProcessFunction::close);
        resources.close();
    }
}
