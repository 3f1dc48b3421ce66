package io.shardmill.lambda.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The size and digest that Lambda reports of code.
 *
 * @param sha256 of the archive's bytes, in base64; of a folder, of its files' names and bytes; of code with layers, of all of them
 * @param bytes of the archive; of folders, of all their files
 */
public record CodeDigest(String sha256, long bytes) {

    /** The digest of a function without code. */
    static final CodeDigest NONE = new CodeDigest("", 0);

    public CodeDigest {
        Objects.requireNonNull(sha256, "sha256");
    }

    /** Digests an archive or a folder. */
    static CodeDigest of(Path source) throws IOException {
        return of(source, null);
    }

    static CodeDigest of(CodeRevision code) throws IOException {
        return of(code.folder(), code.layers());
    }

    private static CodeDigest of(Path source, @Nullable Path layers) throws IOException {
        MessageDigest digest = newDigest();
        long bytes = 0;
        try (OutputStream all = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            bytes += Files.isRegularFile(source) ? copy(source, all) : copyFolder(source, "", all);
            if (layers != null) {
                bytes += copyFolder(layers, "/opt/", all);
            }
        }
        return new CodeDigest(Base64.getEncoder().encodeToString(digest.digest()), bytes);
    }

    private static long copyFolder(Path folder, String prefix, OutputStream to) throws IOException {
        long bytes = 0;
        for (Path file : files(folder)) {
            to.write((prefix + folder.relativize(file)).getBytes(StandardCharsets.UTF_8));
            to.write(0);
            bytes += copy(file, to);
        }
        return bytes;
    }

    /** Links in a copy of code lead to its layers. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    private static long copy(Path file, OutputStream to) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.transferTo(to);
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) { // every Java has it
            throw new IllegalStateException(impossible);
        }
    }
}
