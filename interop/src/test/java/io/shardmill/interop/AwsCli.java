package io.shardmill.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The AWS CLI, version 1 or 2, as somebody uses it who has configured nothing but a region. It is the {@code aws} on the
 * path, or what the system property {@code aws.cli} names.
 */
final class AwsCli {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Texts are texts in both versions: by itself, version 2 takes them for Base64. */
    private static final String CONFIG = """
            [default]
            region = us-east-1
            output = json
            cli_binary_format = raw-in-base64-out
            """;

    private final Path folder;

    /** @param folder where it may write, and where it finds files */
    AwsCli(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("aws.config"), CONFIG);
    }

    /**
     * What it prints; nothing is a missing node.
     *
     * @param command with its arguments, separated by single blanks, without {@code aws} before it
     */
    JsonNode run(URI endpoint, String command) {
        Output output = output(endpoint, command);
        assertThat(output.status)
                .as(() -> "aws " + command + "\n" + output.errors)
                .isZero();
        return output.text.isBlank() ? JSON.missingNode() : JSON.readTree(output.text);
    }

    /** What it complains about when the service refuses. */
    String refusal(URI endpoint, String command) {
        Output output = output(endpoint, command);
        assertThat(output.status)
                .as(() -> "aws " + command + "\n" + output.text)
                .isNotZero();
        return output.errors;
    }

    private record Output(int status, String text, String errors) {}

    private Output output(URI endpoint, String command) {
        List<String> words =
                new ArrayList<>(List.of(System.getProperty("aws.cli", "aws"), "--endpoint-url", "" + endpoint));
        words.addAll(List.of(command.split(" ")));
        try {
            Path errors = Files.createTempFile(folder, "aws", ".txt");
            ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
            builder.redirectError(errors.toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("AWS_"));
            environment.put("AWS_CONFIG_FILE", folder.resolve("aws.config").toString());
            environment.put("AWS_ACCESS_KEY_ID", "anybody");
            environment.put("AWS_SECRET_ACCESS_KEY", "anything");
            environment.put("AWS_PAGER", "");
            Process process = builder.start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(process.waitFor(), text, Files.readString(errors));
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
