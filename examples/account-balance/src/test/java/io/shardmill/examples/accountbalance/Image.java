package io.shardmill.examples.accountbalance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the Dockerfile says.
 *
 * @param layers in the order in which they are copied
 * @param home the folder that they are copied into
 */
record Image(List<String> layers, String home, String workingDirectory, String user, List<String> entryPoint) {

    static Image read() {
        String text;
        try {
            text = Files.readString(Path.of("Dockerfile"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        String last = text.substring(text.lastIndexOf("FROM "));
        List<String> folders = all("WORKDIR (\\S+)", last);
        List<String> entryPoint = JsonMapper.builder()
                .build()
                .readValue(all("ENTRYPOINT (.*)", last).get(0), new TypeReference<List<String>>() {});
        return new Image(
                all("COPY --from=extracted /build/layers/(\\S+)/ \\./", last),
                folders.get(0),
                folders.get(folders.size() - 1),
                all("USER (\\S+)", last).get(0),
                entryPoint);
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile("^" + pattern + "$", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
