package io.shardmill.runtime.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * Deletes trees that somebody else may change meanwhile. Each folder is opened relative to the one above it and never through a
 * link, so nothing outside of the tree is reached. A folder too deep in it is first moved to the parent: each level takes two file
 * descriptors.
 */
final class SecureDeletion {

    private static final int MAX_DEPTH = 128;

    private final SecureDirectoryStream<Path> parent;
    private final Deque<Path> left = new ArrayDeque<>();

    /** @param parent of the trees; nobody else may change it */
    SecureDeletion(SecureDirectoryStream<Path> parent) {
        this.parent = parent;
    }

    void delete(Path tree) throws IOException {
        left.add(tree);
        for (Path next = left.poll(); next != null; next = left.poll()) {
            delete(parent, next, 0);
        }
    }

    private void delete(SecureDirectoryStream<Path> folder, Path name, int depth) throws IOException {
        try {
            if (!isFolder(folder, name)) {
                folder.deleteFile(name);
            } else if (depth > MAX_DEPTH) {
                Path moved = name.resolveSibling(UUID.randomUUID().toString());
                folder.move(name, parent, moved);
                left.add(moved);
            } else {
                try (SecureDirectoryStream<Path> entries = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                    for (Path entry : entries) {
                        delete(entries, entry.getFileName(), depth + 1);
                    }
                }
                folder.deleteDirectory(name);
            }
        } catch (NoSuchFileException gone) {
            // deleted by somebody else
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    private static boolean isFolder(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
    }
}
