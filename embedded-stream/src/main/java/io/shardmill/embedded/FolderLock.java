package io.shardmill.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps a folder to one opening at a time, over processes and within this one. */
final class FolderLock implements AutoCloseable {

    private static final String FILE = "lock";

    // Looked at before the file is touched: closing a second channel would drop the first one's lock on POSIX.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes the folder if it is missing, and locks it. Not to be called by a thread that may be interrupted.
     *
     * @throws StreamFolderException if the folder is open already
     */
    static FolderLock take(Path wanted) throws IOException {
        Path folder = Files.createDirectories(wanted).toRealPath();
        if (!HELD_HERE.add(folder)) {
            throw openHere(folder);
        }
        boolean taken = false;
        try {
            FolderLock lock = new FolderLock(folder, lockedChannel(folder));
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
        channel.truncate(0);
        DurableFiles.writeFully(
                channel, StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"), 0);
        return channel;
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
            String pid = Files.readString(file).strip();
            return pid.isEmpty() ? "" : " (" + pid + ")";
        } catch (IOException e) {
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
