package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Functions' code on the disk, unpacked: {@code <function>/<revision>}. A revision is written aside and gets its name when
 * it is whole. Archives are untrusted. Calls for one function must not overlap.
 */
final class CodeStore {

    private static final Logger LOG = LoggerFactory.getLogger(CodeStore.class);
    private static final Pattern REVISION = Pattern.compile("\\d{1,18}");
    private static final String ASIDE = "unpacking";

    private final Path folder;
    private final CodeBounds bounds;

    CodeStore(Path folder, CodeBounds bounds) {
        this.folder = folder;
        this.bounds = bounds;
    }

    /**
     * Stores a copy of the code, so that the application may change its own.
     *
     * @param source a jar, a zip, or a folder with the same in it
     * @throws DeploymentException if it can't be used
     */
    CodeRevision store(String function, Path source) {
        if (!Files.exists(source)) {
            throw new DeploymentException(
                    "code: " + source + " does not exist; it must be a jar or zip as for Lambda, or a folder");
        }
        Path aside = folder.resolve(function).resolve(ASIDE);
        try {
            Folders.delete(aside);
            DurableFiles.createFolders(aside);
            if (Files.isDirectory(source)) {
                CodeCopy.copy(source, aside, bounds);
            } else {
                unpack(source, aside);
            }
            Path revision = folder.resolve(function).resolve(Long.toString(newest(function) + 1));
            Files.move(aside, revision, StandardCopyOption.ATOMIC_MOVE);
            return new CodeRevision(revision);
        } catch (DeploymentException refused) {
            forget(aside);
            throw new DeploymentException("code: " + source + " can't be used: " + refused.getMessage(), refused);
        } catch (IOException unreadable) {
            forget(aside);
            LOG.debug("{} can't be unpacked", source, unreadable);
            throw new DeploymentException(
                    "code: " + source + " can't be read or unpacked: " + problem(unreadable, source), unreadable);
        }
    }

    /** Unpacks an archive. As on Lambda, a bootstrap must have been zipped as an executable. */
    private void unpack(Path archive, Path target) throws IOException {
        if (Files.size(archive) > bounds.bytes()) {
            throw new DeploymentException("the file has more than " + bounds.bytes() + " bytes");
        }
        try {
            ZipDirectory.requireAtMost(bounds.files(), archive);
        } catch (ZipException unreadable) {
            if (archive.toString().matches("(?i).*\\.(zip|jar)")) {
                throw unreadable;
            }
            throw noArchive(unreadable);
        }
        try (FileSystem zip = FileSystems.newFileSystem(
                archive, Map.of("enablePosixFileAttributes", true, "defaultPermissions", "rw-r--r--"))) {
            CodeCopy.copy(zip.getPath("/"), target, bounds);
        } catch (ProviderNotFoundException unreadable) {
            throw noArchive(unreadable);
        }
    }

    private static DeploymentException noArchive(Exception why) {
        return new DeploymentException(
                "it is not a jar, zip or folder; put a bootstrap into a folder of its own, and name that folder", why);
    }

    /** Describes a failure by paths within the code; callers must not see those of this machine. */
    private static String problem(IOException failure, Path source) {
        if (!(failure instanceof FileSystemException of)) {
            return failure.toString();
        }
        String file = of.getFile() == null ? "" : of.getFile();
        boolean within = file.startsWith(source + "/") || file.equals(source.toString());
        String reason = of.getReason() == null ? "" : ": " + of.getReason();
        return of.getClass().getSimpleName() + (within ? " " + file : "") + reason;
    }

    private static void forget(Path aside) {
        try {
            Folders.delete(aside);
        } catch (IOException later) {
            // the next revision, or the next start, deletes it
        }
    }

    private long newest(String function) throws IOException {
        return Folders.entries(folder.resolve(function)).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> REVISION.matcher(name).matches())
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    /** Returns a revision that was stored before; null if it is missing. */
    @Nullable
    CodeRevision find(String function, String revision) {
        Path place = folder.resolve(function).resolve(revision);
        return REVISION.matcher(revision).matches() && Files.isDirectory(place) ? new CodeRevision(place) : null;
    }

    /** Copies a function's revisions; one whose folder is gone is left out, as it would be at the next start. */
    void copyTo(Path target, String function, Set<String> revisions) throws IOException {
        for (String revision : revisions) {
            Path code = folder.resolve(function).resolve(revision);
            if (Files.isDirectory(code)) {
                CodeCopy.copy(code, target.resolve(function).resolve(revision), CodeBounds.NONE);
            }
        }
    }

    /**
     * Deletes all of a function's revisions but these; with none to keep, its whole folder. Only what is certainly code of
     * ours: a folder that holds anything else may be somebody's own.
     */
    void deleteAllBut(String function, Set<String> revisions) throws IOException {
        Path own = folder.resolve(function);
        List<Path> entries = Folders.entries(own);
        List<Path> foreign = entries.stream().filter(path -> !isOurs(path)).toList();
        if (!foreign.isEmpty()) {
            LOG.warn("{} is left as it is: no function has put {} there", own, foreign);
        } else if (revisions.isEmpty()) {
            Folders.delete(own);
        } else {
            for (Path path : entries) {
                if (Files.isDirectory(path)
                        && !revisions.contains(path.getFileName().toString())) {
                    Folders.delete(path);
                }
            }
        }
    }

    private static boolean isOurs(Path path) {
        String name = path.getFileName().toString();
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                ? REVISION.matcher(name).matches() || name.equals(ASIDE)
                : FunctionStore.isOurs(name);
    }
}
