package io.shardmill.poller.destination;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.InvocationRecord;
import io.shardmill.runtime.NotInvokedException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Appends each discarded batch to a file, one document with its {@code payload} a line, and forces it to
 * disk before {@link #send} returns. A file that was moved away or deleted meanwhile is made anew. Thread-safe. An interrupt of a sending thread hurts nobody: the file is
 * no interruptible channel.
 */
public final class FileDestination implements OnFailureDestination, AutoCloseable {

    private final Path path;
    private FileOutputStream file;
    private @Nullable Object identity;
    /** Whether a write failed, perhaps halfway; guarded by this. */
    private boolean broken;

    private boolean isClosed;

    /**
     * Opens the file, which is created with its folders if it is missing. A last line that was cut short by a
     * crash is ended, so that the next one begins on a line of its own.
     */
    public FileDestination(Path path) throws IOException {
        this.path = path;
        this.file = open(path);
        try {
            opened();
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static FileOutputStream open(Path path) throws IOException {
        Files.createDirectories(Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file has a folder"));
        return new FileOutputStream(path.toFile(), true);
    }

    private void opened() throws IOException {
        identity = identity();
        endTornLine();
    }

    /** What tells the file of that name from the one that had it before; null if the file system has nothing such. */
    private @Nullable Object identity() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private boolean isMoved() throws IOException {
        try {
            return !Objects.equals(identity, identity());
        } catch (NoSuchFileException deleted) {
            return true;
        }
    }

    private void openAgain() throws IOException {
        file.close();
        file = open(path);
        opened();
    }

    @Override
    public void send(DiscardedBatch batch) throws IOException, NotInvokedException {
        byte[] document = InvocationRecord.jsonWithPayload(batch);
        synchronized (this) {
            if (isClosed) {
                throw new IOException(path + " is closed");
            }
            if (isMoved()) {
                openAgain();
            } else if (broken) {
                endTornLine();
            }
            broken = true;
            file.write(document);
            file.write('\n');
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
        isClosed = true;
        file.close();
    }
}
