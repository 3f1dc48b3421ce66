package io.shardmill.lambda.deploy;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where a function's code comes from.
 *
 * @param code a jar, a zip, or a folder with the same in it
 * @param layers zips or folders, 5 at most, that Lambda would unpack into {@code /opt} one after the other: files of a later one
 *     replace those of earlier ones
 */
public record CodeSource(Path code, List<Path> layers) {

    private static final int MAX_LAYERS = 5;

    /** @throws IllegalArgumentException if there are too many layers; the message begins with the property's name */
    public CodeSource {
        Objects.requireNonNull(code, "code");
        layers = List.copyOf(layers);
        if (layers.size() > MAX_LAYERS) {
            throw new IllegalArgumentException("layers: " + layers + " are " + layers.size()
                    + "; a function has at most " + MAX_LAYERS + ", as on Lambda; merge some of them");
        }
    }

    /** Returns code without layers. */
    public static CodeSource of(Path code) {
        return new CodeSource(code, List.of());
    }

    Stream<Path> all() {
        return Stream.concat(Stream.of(code), layers.stream());
    }

    @Override
    public String toString() {
        return layers.isEmpty() ? code.toString() : code + " with the layers " + layers;
    }
}
