package io.shardmill.lambda.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Notices that code or a layer, or any file in a folder of them, has changed, by sizes and times. A change counts when it is over: when
 * two looks in a row see the same. Not thread-safe.
 */
final class CodeWatch {

    private record Stamp(long size, FileTime changed, boolean folder) {}

    private static final Map<Path, Stamp> NOTHING = Map.of();

    private final CodeSource source;
    private Map<Path, Stamp> known;
    private Map<Path, Stamp> seen;

    /** Watches from now on: to be made before the code is read for the first time. */
    CodeWatch(CodeSource source) {
        this.source = source;
        this.known = look();
        this.seen = known;
    }

    CodeSource source() {
        return source;
    }

    /** Returns whether the code has changed since this last returned true. Code of which a part is missing, as during a build, has not. */
    boolean hasChanged() {
        Map<Path, Stamp> now = look();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.isEmpty() || now.equals(known)) {
            return false;
        }
        known = now;
        return true;
    }

    private Map<Path, Stamp> look() {
        Map<Path, Stamp> stamps = new HashMap<>();
        try {
            for (Path each : (Iterable<Path>) source.all()::iterator) {
                look(each, stamps);
            }
            return stamps;
        } catch (IOException | UncheckedIOException missingOrChanging) {
            return NOTHING;
        }
    }

    private static void look(Path source, Map<Path, Stamp> stamps) throws IOException {
        try (Stream<Path> files = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                boolean folder = attributes.isDirectory();
                stamps.put(file, new Stamp(folder ? 0 : attributes.size(), attributes.lastModifiedTime(), folder));
            }
        }
    }
}
