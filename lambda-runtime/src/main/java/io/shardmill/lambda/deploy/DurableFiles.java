package io.shardmill.lambda.deploy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Files that are still there when the machine has lost its power. */
final class DurableFiles {

    private DurableFiles() {}

    /**
     * Gives the file this text, all or nothing.
     *
     * @param aside an empty file in the same folder, which becomes the file
     */
    static void replace(Path file, Path aside, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        try {
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException unsupported) {
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        }
        forceFolder(file.resolveSibling("."));
    }

    /** With those above it that are missing. */
    static void createFolders(Path folder) throws IOException {
        Path above = folder.toAbsolutePath().getParent();
        if (above != null && !Files.isDirectory(folder)) {
            createFolders(above);
            Files.createDirectories(folder);
            forceFolder(above);
        }
    }

    /** All that is in it, and its own name. */
    static void forceTree(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                force(file, StandardOpenOption.WRITE);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                forceFolder(folder);
                return FileVisitResult.CONTINUE;
            }
        });
        forceFolder(tree.resolveSibling("."));
    }

    /** Its names, where the system can: Windows can't, and needn't. */
    static void forceFolder(Path folder) throws IOException {
        try {
            force(folder, StandardOpenOption.READ);
        } catch (AccessDeniedException noFolders) {
            // Windows opens none; NTFS writes their entries in order
        }
    }

    private static void force(Path path, OpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
