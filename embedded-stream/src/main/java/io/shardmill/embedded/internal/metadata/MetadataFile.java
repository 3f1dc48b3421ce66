package io.shardmill.embedded.internal.metadata;

import io.shardmill.embedded.internal.files.ChecksummedLines;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores {@link StoredFolder} durably: replaces the file as a whole, or appends changes to it.
 * Used by the log thread only.
 */
public final class MetadataFile implements AutoCloseable {

    public static final String NAME = "streams.meta";

    private static final int LARGE = 1 << 20;

    private final Path file;
    private ChecksummedLines lines = new ChecksummedLines();
    private @Nullable FileChannel channel;
    private long wholeBytes;
    private long bytes;
    private long version;
    /** The last append failed half-way, or its failure could not be cut off. */
    private boolean mustCut;

    public MetadataFile(Path folder) {
        this.file = folder.resolve(NAME);
    }

    public Path path() {
        return file;
    }

    /** Returns null if there is no such file. */
    @Nullable
    public StoredFolder load() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            StoredFolder loaded = MetadataLines.read(ChecksummedLines.read(Files.readAllBytes(file)));
            version = loaded.version();
            return loaded;
        } catch (IllegalArgumentException e) {
            throw new StreamFolderException(
                    file + " is damaged, " + e.getMessage() + ". Restore it from a copy that is as new as the records;"
                            + " without one, restore the whole folder from a backup",
                    e);
        }
    }

    /** Returns the version of the last change. */
    public long version() {
        return version;
    }

    /**
     * Replaces the file.
     *
     * @param next of the version that follows the present one
     */
    public void store(StoredFolder next) throws IOException {
        ChecksummedLines fresh = new ChecksummedLines();
        byte[] content = fresh.write(MetadataLines.write(next));
        close();
        DurableFiles.replace(file, content);
        lines = fresh;
        version = next.version();
        bytes = content.length;
        wholeBytes = bytes;
        mustCut = false;
    }

    /** Appends changes of segments, each with a version of its own. */
    public void append(List<SegmentChange> changes) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(file, StandardOpenOption.WRITE);
            channel = open;
        }
        if (mustCut) {
            open.truncate(bytes);
        }
        mustCut = true;
        ChecksummedLines next = lines.copy();
        byte[] added = next.write(changes.stream().map(MetadataLines::write).toList());
        DurableFiles.writeFully(open, ByteBuffer.wrap(added), bytes);
        open.force(true);
        mustCut = false;
        lines = next;
        bytes += added.length;
        version += changes.size();
    }

    /** Returns whether most of the file is changes, so that it should be stored as a whole again. */
    public boolean isMostlyChanges() {
        return bytes - wholeBytes > wholeBytes + LARGE;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
