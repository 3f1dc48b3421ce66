package io.shardmill.lambda.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A folder that one process at a time has open. No function can have the name of its lock. */
record FolderLock(FileChannel channel) implements AutoCloseable {

    /** @throws IllegalStateException if somebody has it already */
    static FolderLock of(Path folder) {
        try {
            DurableFiles.createFolders(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) != null) {
                return new FolderLock(channel);
            }
            channel.close();
        } catch (IOException unusable) {
            throw new UncheckedIOException("The folder of functions " + folder + " can't be used", unusable);
        }
        throw new IllegalStateException("The folder of functions " + folder
                + " is in use by another process; stop that, or give this one another folder");
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
