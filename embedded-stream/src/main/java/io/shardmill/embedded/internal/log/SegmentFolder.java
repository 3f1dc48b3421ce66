package io.shardmill.embedded.internal.log;

import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists a stream's segment files, named {@code <shard id>.<first counter in hexadecimal>.log}. */
final class SegmentFolder {

    private static final Pattern NAME = Pattern.compile("(shardId-[0-9]{12})\\.([0-9a-f]{16})\\.log");

    /** Describes a segment file by its name. */
    record SegmentFile(Path path, long base) {}

    private final Path path;

    SegmentFolder(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    void create() throws IOException {
        Files.createDirectories(path);
        DurableFiles.forceFolder(DurableFiles.folderOf(path));
    }

    Path file(String shardId, long base) {
        return path.resolve(String.format("%s.%016x.log", shardId, base));
    }

    /** Returns all segment files by shard id, oldest first. */
    Map<String, List<SegmentFile>> list() throws IOException {
        Map<String, List<SegmentFile>> files = new TreeMap<>();
        for (Path entry : Folders.list(path)) {
            Matcher name = NAME.matcher(entry.getFileName().toString());
            if (name.matches()) {
                files.computeIfAbsent(name.group(1), id -> new ArrayList<>())
                        .add(new SegmentFile(entry, Long.parseLong(name.group(2), 16)));
            }
        }
        return files;
    }
}
