package io.shardmill.spring.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that only their owner can read, and whose names survive the death of the machine. */
final class Folders {

    private Folders() {}

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
        force(folder.resolveSibling("."));
    }

    /** Forces the names in a folder to the disk, where the system can: Windows can't, and needn't. */
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException noFolders) {
            // Windows opens none; NTFS writes their entries in order
        }
    }

    /** The same for all folders in it; harmless if it is missing. */
    static void forceTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.walk(folder)) {
                for (Path each : entries.filter(Files::isDirectory).toList()) {
                    force(each);
                }
            }
            force(folder.resolveSibling("."));
        }
    }

    static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
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

    /** Deletes the folder with all that is in it, following no links; harmless if it is missing. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> deepestFirst;
            try (Stream<Path> entries = Files.walk(folder)) {
                deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path entry : deepestFirst) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
