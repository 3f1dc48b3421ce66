package io.shardmill.runtime.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps a folder to one opening at a time, over processes and within this one, by a file in it. Thread-safe. */
public final class FolderLock implements AutoCloseable {

    // Looked at before the file is touched: closing a second channel would drop the first one's lock on POSIX.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks a folder that exists. Not to be called by a thread that may be interrupted.
     *
     * @param name of the file
     * @return null if the folder is open already
     */
    public static @Nullable FolderLock tryTake(Path folder, String name) throws IOException {
        Path file = folder.toRealPath().resolve(name);
        if (!HELD_HERE.add(file)) {
            return null;
        }
        FolderLock taken = null;
        try {
            taken = lock(file);
            return taken;
        } finally {
            if (taken == null) {
                HELD_HERE.remove(file);
            }
        }
    }

    private static @Nullable FolderLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        FolderLock taken = null;
        try {
            FileLock lock = channel.tryLock();
            taken = lock == null ? null : new FolderLock(file, channel);
            return taken;
        } catch (OverlappingFileLockException ofAnotherClassLoader) {
            return null;
        } finally {
            if (taken == null) {
                channel.close();
            }
        }
    }

    /** Returns whether it is this process that has the folder open. */
    public static boolean isHeldHere(Path folder, String name) throws IOException {
        return HELD_HERE.contains(folder.toRealPath().resolve(name));
    }

    /** Returns the locked file, open for reading and writing; closing it loses the lock. */
    public FileChannel channel() {
        return channel;
    }

    /** Lets the next one in. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
