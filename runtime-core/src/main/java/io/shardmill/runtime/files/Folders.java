package io.shardmill.runtime.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Copies, lists and deletes whole folders. */
public final class Folders {

    private Folders() {}

    /**
     * Deletes a folder with all that is in it, following no links, even those that are put in place of its folders meanwhile, where the
     * file system can open a folder's entries relative to it. What is not there, or goes meanwhile, is no error.
     */
    public static void delete(Path folder) throws IOException {
        Path parent = Objects.requireNonNull(folder.toAbsolutePath().getParent(), "not the root");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            if (entries instanceof SecureDirectoryStream<Path> secure) {
                new SecureDeletion(secure).delete(Objects.requireNonNull(folder.getFileName()));
                return;
            }
        } catch (NoSuchFileException | NotDirectoryException noParent) {
            return;
        }
        walk(folder);
    }

    /** Copies a tree with its permissions; the target must not exist. */
    public static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path copy = target.resolve(source.relativize(path).toString());
                Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Returns what is in a folder, sorted; nothing if there is no such folder. */
    public static List<Path> entries(Path folder) throws IOException {
        return Files.isDirectory(folder) ? list(folder) : List.of();
    }

    /**
     * Returns what is in a folder, sorted.
     *
     * @throws NoSuchFileException if there is no such folder
     */
    public static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static void walk(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
