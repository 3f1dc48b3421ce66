package io.shardmill.poller.destination;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.InvocationRecord;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Appends each discarded batch to a file, one document with its {@code payload} a line, and forces it to
 * disk before {@link #send} returns. Thread-safe. An interrupt of a sending thread hurts nobody: the file is
 * no interruptible channel.
 */
public final class FileDestination implements OnFailureDestination, AutoCloseable {

    private final Path path;
    private final FileOutputStream file;
    /** Whether a write failed, perhaps halfway; guarded by this. */
    private boolean broken;

    /**
     * Opens the file, which is created with its folders if it is missing. A last line that was cut short by a
     * crash is ended, so that the next one begins on a line of its own.
     */
    public FileDestination(Path path) throws IOException {
        this.path = path;
        Files.createDirectories(Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file has a folder"));
        this.file = new FileOutputStream(path.toFile(), true);
        try {
            endTornLine();
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void send(DiscardedBatch batch) throws IOException {
        byte[] line = (InvocationRecord.jsonWithPayload(batch) + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            if (broken) {
                endTornLine();
            }
            broken = true;
            file.write(line);
            file.getFD().sync();
            broken = false;
        }
    }

    private void endTornLine() throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(path.toFile(), "r")) {
            if (content.length() == 0) {
                return;
            }
            content.seek(content.length() - 1);
            if (content.read() != '\n') {
                file.write('\n');
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
