package io.shardmill.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code shardmill.data-dir}, which nobody but its owner may enter: records, checkpoints and the variables of
 * functions are in it.
 */
final class DataFolder {

    static final String STREAMS = "streams";
    static final String FUNCTIONS = "shardmill-functions";
    static final String ENVIRONMENTS = "environments";
    static final String CHECKPOINTS = "checkpoints";
    static final String DESTINATIONS = "destinations";

    /** The web server's temporary files. */
    static final String WEB = "web";

    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final String PROPERTY = "shardmill.data-dir";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final List<String> OWN = List.of(STREAMS, FUNCTIONS, ENVIRONMENTS, WEB);
    private static final Set<String> NO_OBJECTIONS = Set.of("lost+found", WEB);

    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /** Does not touch the folder. */
    static DataFolder at(Path path) {
        return new DataFolder(path);
    }

    /**
     * Creates the folder, or closes one that other users may enter.
     *
     * @throws ShardmillConfigurationException if it is open to others and not certainly ours to close
     */
    static DataFolder open(Path path) {
        try {
            if (Files.getFileStore(existing(path)).supportsFileAttributeView("posix")) {
                createOrClose(path);
            }
            return new DataFolder(path);
        } catch (IOException unusable) {
            throw new ShardmillConfigurationException(
                    PROPERTY, new UncheckedIOException(path + "; it can't be created or read", unusable));
        }
    }

    private static void createOrClose(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.exists(path)) {
            Files.createDirectories(parent);
            try {
                Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                return;
            } catch (FileAlreadyExistsException meanwhile) {
                // it is checked like any other
            }
        }
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(attributes.permissions());
        others.removeAll(OWNER_ONLY);
        if (!others.isEmpty()) {
            close(path, PosixFilePermissions.toString(attributes.permissions()));
        }
    }

    private static void close(Path path, String permissions) throws IOException {
        if (!mayBeClosed(path)) {
            throw new ShardmillConfigurationException(
                    PROPERTY,
                    "other users can access " + path + " (" + permissions + "), and it contains unrelated directories;"
                            + " use a dedicated folder, or set it to rwx------");
        }
        Files.setPosixFilePermissions(path, OWNER_ONLY);
        LOG.info("{}: closed {} to other users, {} before and rwx------ now", PROPERTY, path, permissions);
    }

    /** Returns whether closing it takes nothing away from others: it has been our folder, or holds only files of its owner. */
    private static boolean mayBeClosed(Path path) throws IOException {
        Object owner = Files.getOwner(path);
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> all = entries.toList();
            if (all.stream().anyMatch(DataFolder::isProof)) {
                return true;
            }
            for (Path entry : all) {
                boolean isOwnersFile = Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).equals(owner);
                if (!isOwnersFile && !NO_OBJECTIONS.contains(String.valueOf(entry.getFileName()))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Returns whether nobody but Shardmill makes such an entry, and the web server doesn't before this folder is checked. */
    private static boolean isProof(Path entry) {
        String name = String.valueOf(entry.getFileName());
        if (name.equals(FUNCTIONS)) {
            return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        }
        Path file = name.equals(STREAMS) ? entry.resolve("streams.meta") : entry;
        return (name.equals(STREAMS) || name.startsWith(CHECKPOINTS))
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Case counts on some file systems only. */
    private static boolean isOwnName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return OWN.contains(lower) || lower.startsWith(CHECKPOINTS);
    }

    private static Path existing(Path path) {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing)) {
            Path parent = existing.getParent();
            if (parent == null) {
                return existing;
            }
            existing = parent;
        }
        return existing;
    }

    Path path() {
        return path;
    }

    Path streams() {
        return path.resolve(STREAMS);
    }

    Path environments() {
        return path.resolve(ENVIRONMENTS);
    }

    /** Where mappings that are made by request may have files. */
    Path destinations() {
        return path.resolve(DESTINATIONS);
    }

    /** Returns whether a real path is one of the files and folders that Shardmill writes for itself. */
    boolean isOwn(Path real) {
        try {
            Path folder = Files.exists(path)
                    ? path.toRealPath()
                    : path.toAbsolutePath().normalize();
            return real.startsWith(folder)
                    && !real.equals(folder)
                    && isOwnName(folder.relativize(real).getName(0).toString());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
