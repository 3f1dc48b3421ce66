package io.shardmill.embedded.internal.files;

import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps a folder of streams to one opening at a time, over processes and within this one. Its file also holds the version of
 * {@code streams.meta} that was stored last, which reveals an older copy of that file. Without this file, or when it
 * can't be read, only that check is lost.
 */
public final class StreamsLock implements AutoCloseable {

    private static final String FILE = "lock";
    private static final int LINES = 2;
    private static final int LARGEST_BYTES = 256;

    private final FolderLock lock;
    private final long versionFound;

    private StreamsLock(FolderLock lock, long versionFound) {
        this.lock = lock;
        this.versionFound = versionFound;
    }

    /**
     * Creates the folder if it is missing, and locks it. Not to be called by a thread that may be interrupted.
     *
     * @throws StreamFolderException if the folder is open already
     */
    public static StreamsLock take(Path wanted) throws IOException {
        Path folder = Files.createDirectories(wanted).toRealPath();
        FolderLock lock = FolderLock.tryTake(folder, FILE);
        if (lock == null) {
            throw open(folder);
        }
        try {
            return new StreamsLock(lock, versionIn(lock.channel()));
        } catch (IOException | RuntimeException unreadable) {
            lock.close();
            throw unreadable;
        }
    }

    private static StreamFolderException open(Path folder) throws IOException {
        return FolderLock.isHeldHere(folder, FILE)
                ? new StreamFolderException("the streams in " + folder
                        + " are open in this process already: close the other EmbeddedStreams first, or share it")
                : new StreamFolderException("the streams in " + folder + " are open in another process"
                        + owner(folder.resolve(FILE)) + ": stop that one, or give this one a folder of its own");
    }

    /** Returns 0 if the version is not known. */
    private static long versionIn(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LARGEST_BYTES);
        channel.read(content, 0);
        try {
            List<String> lines = ChecksummedLines.read(Arrays.copyOf(content.array(), content.position()));
            return lines.size() == LINES ? Long.parseLong(lines.get(1)) : 0;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /** Returns the version that was noted last when the lock was taken; 0 if that is not known. */
    public long versionFound() {
        return versionFound;
    }

    /** Notes a version that is stored. Not forced: after power loss an older one may be found, never a newer one. */
    public void note(long version) throws IOException {
        byte[] content = new ChecksummedLines()
                .write(List.of(String.valueOf(ProcessHandle.current().pid()), String.valueOf(version)));
        DurableFiles.writeFully(lock.channel(), ByteBuffer.wrap(content), 0);
        lock.channel().truncate(content.length);
    }

    private static String owner(Path file) {
        try {
            List<String> lines = ChecksummedLines.read(Files.readAllBytes(file));
            return lines.size() == LINES ? " (" + lines.get(0) + ")" : "";
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
