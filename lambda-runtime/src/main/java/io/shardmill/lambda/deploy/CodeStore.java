package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Functions' code on the disk, unpacked: {@code <function>/<revision>}, with its layers merged in {@code <revision>.layers}. The code
 * is written aside and gets its name when all is whole. Calls for one function must not overlap.
 */
final class CodeStore {

    private static final Logger LOG = LoggerFactory.getLogger(CodeStore.class);
    private static final Pattern REVISION = Pattern.compile("\\d{1,18}");
    private static final String ASIDE = "unpacking";
    private static final String LAYERS = ".layers";
    private static final Pattern OURS = Pattern.compile("(\\d{1,18}|" + ASIDE + ")(\\.layers)?");

    private final Path folder;
    private final CodeBounds bounds;

    CodeStore(Path folder, CodeBounds bounds) {
        this.folder = folder;
        this.bounds = bounds;
    }

    /**
     * Stores a copy of the code, so that the application may change its own.
     *
     * @throws DeploymentException if it can't be used
     */
    CodeRevision store(String function, CodeSource source) {
        Path own = folder.resolve(function);
        Path aside = own.resolve(ASIDE);
        try {
            delete(aside);
            DurableFiles.createFolders(aside);
            Path revision = own.resolve(Long.toString(newest(function) + 1));
            CodeUnpacking unpacking = new CodeUnpacking(CodeCount.of(source, bounds));
            unpacking.code(source.code(), aside);
            Path layers = source.layers().isEmpty() ? null : layersOf(revision);
            if (layers != null) {
                Path merged = Files.createDirectory(layersOf(aside));
                source.layers().forEach(layer -> unpacking.layer(layer, merged));
                linkLibraries(merged, layers, aside);
                Folders.delete(layers); // left behind when a store was cut short
                Files.move(merged, layers, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(aside, revision, StandardCopyOption.ATOMIC_MOVE);
            return new CodeRevision(revision, layers);
        } catch (DeploymentException refused) {
            forget(aside);
            throw refused;
        } catch (IOException unwritten) {
            forget(aside);
            LOG.debug("{} can't be stored", source, unwritten);
            throw new DeploymentException(
                    "code: " + source + " can't be stored: " + CodeUnpacking.problem(unwritten, source.code()),
                    unwritten);
        }
    }

    private static Path layersOf(Path code) {
        return code.resolveSibling(code.getFileName() + LAYERS);
    }

    /**
     * Puts a layer's jars at the end of the code's, under names that sort behind all others: AWS's client finds them nowhere
     * else but in {@code /opt}.
     *
     * @param layers where the merged ones will be
     */
    private static void linkLibraries(Path merged, Path layers, Path code) throws IOException {
        for (Path jar : Folders.entries(merged.resolve("java/lib"))) {
            if (jar.toString().endsWith(".jar")) {
                Path libraries = Files.createDirectories(code.resolve("lib"));
                Path target = Path.of("..", "..").resolve(layers.getFileName()).resolve(merged.relativize(jar));
                Files.createSymbolicLink(libraries.resolve("~" + jar.getFileName()), target);
            }
        }
    }

    private static void forget(Path aside) {
        try {
            delete(aside);
        } catch (IOException later) {
            // the next revision, or the next start, deletes it
        }
    }

    private static void delete(Path aside) throws IOException {
        Folders.delete(aside);
        Folders.delete(layersOf(aside));
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
        return REVISION.matcher(revision).matches() && Files.isDirectory(place) ? new CodeRevision(place, null) : null;
    }

    /** Copies a function's revisions; one whose folder is gone is left out, as it would be at the next start. */
    void copyTo(Path target, String function, Set<String> revisions) throws IOException {
        for (String revision : revisions) {
            Path code = folder.resolve(function).resolve(revision);
            if (Files.isDirectory(code)) {
                CodeCopy.copy(code, target.resolve(function).resolve(revision), CodeCount.unbounded());
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
                ? OURS.matcher(name).matches()
                : FunctionStore.isOurs(name);
    }
}
