package io.shardmill.spring.backup;

import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** Folders that only their owner can read, and whose names survive the death of the machine. */
final class OwnerFolders {

    private OwnerFolders() {}

    /** Creates the folder and those above it that are missing. */
    static void createAll(Path folder) throws IOException {
        Path above = folder.toAbsolutePath().getParent();
        if (above != null && !Files.isDirectory(folder)) {
            createAll(above);
            try {
                create(folder);
            } catch (FileAlreadyExistsException meanwhile) {
                if (!Files.isDirectory(folder)) {
                    throw meanwhile;
                }
            }
        }
    }

    /** @throws FileAlreadyExistsException if there is something of that name */
    static void create(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] permissions = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectory(folder, permissions);
        DurableFiles.forceFolder(folder.resolveSibling("."));
    }

    /** Forces the names in a folder, and in all folders in it, to the disk; harmless if it is missing. */
    static void forceTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.walk(folder)) {
                for (Path each : entries.filter(Files::isDirectory).toList()) {
                    DurableFiles.forceFolder(each);
                }
            }
            DurableFiles.forceFolder(folder.resolveSibling("."));
        }
    }

    /** Copies a file's content, and whether its owner may execute it; an archive may have made it read-only. */
    static void copy(Path file, Path copy) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW)) {
            in.transferTo(out);
        }
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        boolean executable =
                view != null && view.readAttributes().permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        if (executable && !copy.toFile().setExecutable(true)) {
            throw new IOException(copy + " can't be made executable");
        }
    }
}
