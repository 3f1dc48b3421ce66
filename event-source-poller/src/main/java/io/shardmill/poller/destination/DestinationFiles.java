package io.shardmill.poller.destination;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which files may be destinations. Paths are compared as the file system resolves them: links and {@code ..} lead
 * nowhere else. Messages name no path of this machine, because they answer requests. Immutable.
 */
public final class DestinationFiles {

    private final @Nullable List<Path> folders;
    private final Set<String> trusted;
    private final Predicate<Path> isOwn;

    private DestinationFiles(@Nullable List<Path> folders, Set<String> trusted, Predicate<Path> isOwn) {
        this.folders = folders;
        this.trusted = trusted;
        this.isOwn = isOwn;
    }

    /** Allows every file, for applications whose mappings nobody else can change. */
    public static DestinationFiles any() {
        return new DestinationFiles(null, Set.of(), real -> false);
    }

    /**
     * Allows the files in some folders, and those that the configuration names.
     *
     * @param folders with all below them; a folder that is missing is created when its first file is
     * @param trusted destinations of the configuration, such as {@code file:data/isolated.jsonl}, which may be anywhere
     * @param isOwn tells, of a real path, whether it is a file of Shardmill's own, to which nobody may append
     */
    public static DestinationFiles in(List<Path> folders, Set<String> trusted, Predicate<Path> isOwn) {
        return new DestinationFiles(List.copyOf(folders), Set.copyOf(trusted), isOwn);
    }

    /**
     * Returns the real path of the file that a destination names.
     *
     * @param destination {@code file:} and a path, relative to the working directory
     * @throws IllegalArgumentException if it may not be a destination
     * @throws IOException if the path can't be resolved now, so that nobody can tell
     */
    Path require(String destination) throws IOException {
        String path = destination.substring(BuiltInDestinations.FILE.length());
        if (path.isBlank()) {
            throw new IllegalArgumentException("the path is missing, as in file:./data/discarded.jsonl");
        }
        Path real = real(absolute(path));
        if (isOwn.test(real)) {
            throw new IllegalArgumentException("the file is one of Shardmill's own; name another");
        }
        if (folders != null && !trusted.contains(destination) && !isInFolder(real, folders)) {
            throw new IllegalArgumentException("the file is outside shardmill.file-destinations (default:"
                    + " 'destinations' in shardmill.data-dir); choose a file there, or add its folder");
        }
        return real;
    }

    private static Path absolute(String path) {
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException invalid) {
            throw new IllegalArgumentException("the path is none of this file system: " + invalid.getReason(), invalid);
        }
    }

    private static boolean isInFolder(Path file, List<Path> folders) throws IOException {
        for (Path folder : folders) {
            Path real = real(folder.toAbsolutePath().normalize());
            if (file.startsWith(real) && !file.equals(real)) {
                return true;
            }
        }
        return false;
    }

    /** Resolves links in the part of the path that exists. A link that leads nowhere is an error. */
    private static Path real(Path file) throws IOException {
        Path existing = file;
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = Objects.requireNonNull(existing.getParent(), "the root exists");
        }
        return existing.toRealPath().resolve(existing.relativize(file)).normalize();
    }
}
