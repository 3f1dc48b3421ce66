package io.shardmill.lambda.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The size and digest that Lambda reports of code.
 *
 * @param sha256 of the archive's bytes, in base64; of a folder, of its files' names and bytes
 * @param bytes of the archive; of a folder, of all its files
 */
public record CodeDigest(String sha256, long bytes) {

    /** The digest of a function without code. */
    static final CodeDigest NONE = new CodeDigest("", 0);

    public CodeDigest {
        Objects.requireNonNull(sha256, "sha256");
    }

    static CodeDigest of(Path source) throws IOException {
        MessageDigest digest = newDigest();
        long bytes = 0;
        try (OutputStream all = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            if (Files.isRegularFile(source)) {
                bytes = copy(source, all);
            } else {
                for (Path file : files(source)) {
                    all.write(source.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    all.write(0);
                    bytes += copy(file, all);
                }
            }
        }
        return new CodeDigest(Base64.getEncoder().encodeToString(digest.digest()), bytes);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
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
