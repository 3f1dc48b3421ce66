package io.shardmill.embedded.files;

import io.shardmill.embedded.model.StreamFolderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a folder to one opening at a time, over processes and within this one. Its file also tells the version of
 * {@code streams.meta} that was stored last: an older copy of that file is noticed by it. Without this file, or when it
 * can't be read, nothing is lost but that.
 */
public final class FolderLock implements AutoCloseable {

    private static final String FILE = "lock";
    private static final int LINES = 2;
    private static final int LARGEST_BYTES = 256;

    // Looked at before the file is touched: closing a second channel would drop the first one's lock on POSIX.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;
    private final long versionFound;

    private FolderLock(Path folder, FileChannel channel, long versionFound) {
        this.folder = folder;
        this.channel = channel;
        this.versionFound = versionFound;
    }

    /**
     * Makes the folder if it is missing, and locks it. Not to be called by a thread that may be interrupted.
     *
     * @throws StreamFolderException if the folder is open already
     */
    public static FolderLock take(Path wanted) throws IOException {
        Path folder = Files.createDirectories(wanted).toRealPath();
        if (!HELD_HERE.add(folder)) {
            throw openHere(folder);
        }
        boolean taken = false;
        try {
            FileChannel channel = lockedChannel(folder);
            FolderLock lock = new FolderLock(folder, channel, versionIn(channel));
            taken = true;
            return lock;
        } finally {
            if (!taken) {
                HELD_HERE.remove(folder);
            }
        }
    }

    private static FileChannel lockedChannel(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel, folder);
        if (lock == null) {
            channel.close();
            throw new StreamFolderException("the streams in " + folder + " are open in another process" + owner(file)
                    + ": stop that one, or give this one a folder of its own");
        }
        return channel;
    }

    /** 0 if that is not known. */
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

    /** The version that was noted last when the lock was taken; 0 if that is not known. */
    public long versionFound() {
        return versionFound;
    }

    /** Notes a version that is stored. Not forced: after power loss an older one may be found, never a newer one. */
    public void note(long version) throws IOException {
        byte[] content = new ChecksummedLines()
                .write(List.of(String.valueOf(ProcessHandle.current().pid()), String.valueOf(version)));
        DurableFiles.writeFully(channel, ByteBuffer.wrap(content), 0);
        channel.truncate(content.length);
    }

    private static @Nullable FileLock tryLock(FileChannel channel, Path folder) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw openHere(folder);
        }
    }

    private static StreamFolderException openHere(Path folder) {
        return new StreamFolderException("the streams in " + folder
                + " are open in this process already: close the other EmbeddedStreams first, or share it");
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
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(folder);
        }
    }
}
