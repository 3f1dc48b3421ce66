package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.Map;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies code and layers out of folders and archives, which are untrusted. */
final class CodeUnpacking {

    private static final Logger LOG = LoggerFactory.getLogger(CodeUnpacking.class);

    private enum Kind {
        CODE(
                "code",
                "a jar or zip as for Lambda, or a folder",
                "it is not a jar, zip or folder; put a bootstrap into a folder of its own, and name that folder"),
        LAYER(
                "layers",
                "a zip as for Lambda, or a folder",
                "it is not a zip or folder; put its files into a folder as they are to lie in /opt, and name that folder");

        private final String property;
        private final String rule;
        private final String noArchive;

        Kind(String property, String rule, String noArchive) {
            this.property = property;
            this.rule = rule;
            this.noArchive = noArchive;
        }
    }

    private final CodeCount count;

    /** @param count of all that is unpacked */
    CodeUnpacking(CodeCount count) {
        this.count = count;
    }

    /**
     * Copies code.
     *
     * @param source a jar, a zip, or a folder with the same in it
     * @throws DeploymentException if it can't be used
     */
    void code(Path source, Path target) {
        copy(Kind.CODE, source, target);
    }

    /**
     * Adds a layer to those that are in the target.
     *
     * @throws DeploymentException if it can't be used
     */
    void layer(Path source, Path target) {
        if (!Files.isDirectory(source) && source.toString().endsWith(".jar")) {
            throw new DeploymentException("layers: " + source
                    + " is a jar; a layer must be a zip as for Lambda, or a folder; put the jar into"
                    + " java/lib of a folder, and name that folder");
        }
        copy(Kind.LAYER, source, target);
    }

    private void copy(Kind kind, Path source, Path target) {
        if (!Files.exists(source)) {
            throw new DeploymentException(kind.property + ": " + source + " does not exist; it must be " + kind.rule);
        }
        try {
            if (Files.isDirectory(source)) {
                CodeCopy.copy(source, target, count);
            } else {
                unpack(kind, source, target);
            }
        } catch (DeploymentException refused) {
            throw new DeploymentException(
                    kind.property + ": " + source + " can't be used: " + refused.getMessage(), refused);
        } catch (IOException unreadable) {
            LOG.debug("{} can't be unpacked", source, unreadable);
            throw new DeploymentException(
                    kind.property + ": " + source + " can't be read or unpacked: " + problem(unreadable, source),
                    unreadable);
        }
    }

    /** Unpacks an archive. As on Lambda, a bootstrap must have been zipped as an executable. */
    private void unpack(Kind kind, Path archive, Path target) throws IOException {
        CodeBounds bounds = count.bounds();
        if (Files.size(archive) > bounds.bytes()) {
            throw new DeploymentException("the file has more than " + bounds.bytes() + " bytes");
        }
        try {
            ZipDirectory.requireAtMost(bounds.files(), archive);
        } catch (ZipException unreadable) {
            if (archive.toString().matches("(?i).*\\.(zip|jar)")) {
                throw unreadable;
            }
            throw new DeploymentException(kind.noArchive, unreadable);
        }
        try (FileSystem zip = FileSystems.newFileSystem(
                archive, Map.of("enablePosixFileAttributes", true, "defaultPermissions", "rw-r--r--"))) {
            CodeCopy.copy(zip.getPath("/"), target, count);
        } catch (ProviderNotFoundException unreadable) {
            throw new DeploymentException(kind.noArchive, unreadable);
        }
    }

    /** Describes a failure by paths within the source; callers must not see those of this machine. */
    static String problem(IOException failure, Path source) {
        if (!(failure instanceof FileSystemException of)) {
            return failure.toString();
        }
        String file = of.getFile() == null ? "" : of.getFile();
        boolean within = file.startsWith(source + "/") || file.equals(source.toString());
        String reason = of.getReason() == null ? "" : ": " + of.getReason();
        return of.getClass().getSimpleName() + (within ? " " + file : "") + reason;
    }
}
