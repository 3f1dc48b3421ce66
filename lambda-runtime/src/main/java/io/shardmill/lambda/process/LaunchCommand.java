package io.shardmill.lambda.process;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Builds the command that starts a function: Java with AWS's client, an interpreter with ours, or the
 * function's own bootstrap. Errors name the paths
 * of Lambda, because callers see them.
 */
final class LaunchCommand {

    /** The first Java that warns about native libraries that were not announced. */
    private static final int NATIVE_ACCESS_SINCE = 24;

    private LaunchCommand() {}

    /** @throws InvalidEntrypointException if what was deployed cannot be executed */
    static List<String> of(FunctionRevision revision, ProcessUser user, HostResources resources, Path temporary)
            throws InvalidEntrypointException, IOException {
        Path folder = revision.code();
        if (!Files.isDirectory(folder)) {
            throw new InvalidEntrypointException(
                    "Runtime.InvalidWorkingDir", "chdir /var/task: no such file or directory");
        }
        return switch (revision.program().runtime().family()) {
            case JAVA -> java(revision, resources, temporary);
            case PYTHON, NODEJS -> interpreted(revision, user, resources);
            case PROVIDED -> bootstrap(revision.bootstrap());
        };
    }

    private static List<String> interpreted(FunctionRevision revision, ProcessUser user, HostResources resources)
            throws IOException {
        LambdaRuntime runtime = revision.program().runtime();
        List<String> command = new ArrayList<>();
        command.add(resources.interpreters().find(runtime, user).program().toString());
        if (runtime.family() == Family.PYTHON) {
            command.addAll(List.of("-B", "-u")); // nothing is written beside the code, and each line is logged at once
        } else {
            command.addAll(heap(revision));
        }
        command.add(resources.clientScript(runtime.family()).toString());
        return command;
    }

    /** As Lambda divides it: a twentieth for each half of the new objects' space, nine tenths for the others'. */
    private static List<String> heap(FunctionRevision revision) {
        String own = revision.program()
                .environment()
                .getOrDefault("NODE_OPTIONS", "")
                .replace('_', '-');
        if (own.contains("--max-semi-space-size") || own.contains("--max-old-space-size")) {
            return List.of();
        }
        int memory = revision.configuration().memoryMegabytes();
        int newSpace = memory / 10;
        return List.of("--max-semi-space-size=" + newSpace / 2, "--max-old-space-size=" + (memory - newSpace));
    }

    private static List<String> bootstrap(Path bootstrap) throws InvalidEntrypointException {
        if (!Files.exists(bootstrap)) {
            throw new InvalidEntrypointException(
                    "Runtime.InvalidEntrypoint", "fork/exec /var/task/bootstrap: no such file or directory");
        }
        if (!Files.isRegularFile(bootstrap) || !Files.isExecutable(bootstrap)) {
            throw new InvalidEntrypointException(
                    "Runtime.InvalidEntrypoint", "fork/exec /var/task/bootstrap: permission denied");
        }
        return List.of(bootstrap.toString());
    }

    private static List<String> java(FunctionRevision revision, HostResources resources, Path temporary)
            throws IOException {
        RuntimeClient client = resources.client();
        List<String> command = new ArrayList<>();
        command.add(resources.javaHome().resolve("bin/java").toString());
        command.add("-Xmx" + revision.configuration().memoryMegabytes() + "m");
        command.add("-XX:+UseSerialGC");
        command.addAll(bounds(revision.program().environment()));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-D" + RuntimeClient.NATIVE_LIBRARY_PROPERTY + "=" + client.nativeLibrary());
        command.add("--add-opens=java.base/java.io=ALL-UNNAMED");
        if (feature(resources.javaHome()) >= NATIVE_ACCESS_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-cp");
        command.add(client.jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(RuntimeClient.MAIN_CLASS);
        command.add(revision.program().handler());
        return command;
    }

    /** Bounds what is beside the heap. The command line would override a function's own options of that name. */
    static List<String> bounds(Map<String, String> variables) {
        String own = variables.getOrDefault("JAVA_TOOL_OPTIONS", "") + variables.getOrDefault("JDK_JAVA_OPTIONS", "");
        return Stream.of("MaxDirectMemorySize", "ReservedCodeCacheSize")
                .filter(option -> !own.contains(option))
                .map(option -> "-XX:" + option + "=64m")
                .toList();
    }

    /** The Java in a folder says in a file which it is. */
    private static int feature(Path javaHome) throws IOException {
        Properties release = new Properties();
        try (var in = Files.newInputStream(javaHome.resolve("release"))) {
            release.load(in);
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        try {
            return java.lang.Runtime.Version.parse(version).feature();
        } catch (IllegalArgumentException unknown) {
            throw new IOException(
                    "the file " + javaHome.resolve("release") + " does not say which Java it is", unknown);
        }
    }
}
