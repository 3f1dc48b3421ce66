package io.shardmill.embedded.internal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads files as memory. */
public final class MappedFiles {

    private MappedFiles() {}

    /**
     * Returns the file as memory, read-only. The channel is private to the call, so an interrupt of the calling thread
     * closes nothing that anybody else uses; the call succeeds all the same and leaves the flag set.
     */
    public static ByteBuffer map(Path file) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
