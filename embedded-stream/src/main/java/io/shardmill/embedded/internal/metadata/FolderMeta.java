package io.shardmill.embedded.internal.metadata;

import io.shardmill.embedded.model.Durability;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Describes the folder as stored, without records and segments.
 *
 * @param opening the upper bits of new sequence numbers' counters; replaced by a larger one ({@code OpeningNumbers})
 *     whenever the folder is opened
 */
public record FolderMeta(int opening, LastRun lastRun, SortedMap<String, StreamMeta> streams) {

    public static final FolderMeta EMPTY =
            new FolderMeta(0, new LastRun(true, Durability.PROCESS, LastRun.UNKNOWN), new TreeMap<>());

    public FolderMeta withOpening(int next) {
        return new FolderMeta(next, lastRun, streams);
    }

    public FolderMeta with(LastRun run) {
        return new FolderMeta(opening, run, streams);
    }

    public FolderMeta with(StreamMeta stream) {
        SortedMap<String, StreamMeta> changed = new TreeMap<>(streams);
        changed.put(stream.name(), stream);
        return new FolderMeta(opening, lastRun, changed);
    }

    public FolderMeta without(String name) {
        SortedMap<String, StreamMeta> changed = new TreeMap<>(streams);
        changed.remove(name);
        return new FolderMeta(opening, lastRun, changed);
    }
}
