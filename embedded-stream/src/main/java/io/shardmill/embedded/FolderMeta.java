package io.shardmill.embedded;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is stored beside the records.
 *
 * @param opening how often the folder was opened or a stream was created in it: the upper bits of new sequence
 *     numbers' counters
 */
record FolderMeta(int opening, SortedMap<String, StreamMeta> streams) {

    static final FolderMeta EMPTY = new FolderMeta(0, new TreeMap<>());

    FolderMeta withOpening(int next) {
        return new FolderMeta(next, streams);
    }

    FolderMeta with(StreamMeta stream) {
        SortedMap<String, StreamMeta> changed = new TreeMap<>(streams);
        changed.put(stream.name(), stream);
        return new FolderMeta(opening, changed);
    }

    FolderMeta without(String name) {
        SortedMap<String, StreamMeta> changed = new TreeMap<>(streams);
        changed.remove(name);
        return new FolderMeta(opening, changed);
    }
}
