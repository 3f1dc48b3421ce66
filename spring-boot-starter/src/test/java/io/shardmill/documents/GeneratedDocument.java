package io.shardmill.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A document that a test generates, and holds: run it with {@code -Ddocuments.write=true} to write it anew. */
public record GeneratedDocument(Path file) {

    private static final Path DOCS = Repository.ROOT.resolve("docs");

    /**
     * Returns the document of a name.
     *
     * @param name in {@code docs}, such as {@code conformance.md}
     */
    public static GeneratedDocument named(String name) {
        return new GeneratedDocument(DOCS.resolve(name));
    }

    public void assertIs(String text) throws IOException {
        if (Boolean.getBoolean("documents.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file))
                .as(file + "; write it anew with -Ddocuments.write=true")
                .isEqualTo(text);
    }
}
