package io.shardmill.poller.destination;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.InvocationRecord;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Appends each discarded batch to a file, one document with its {@code payload} a line, and forces it to disk before
 * {@link #send} returns. A file that was moved away or deleted meanwhile is created again. A file that can't be written,
 * on a full disk above all, is a fault of this machine and no refusal: the batch is sent again. Thread-safe. Interrupting
 * a sending thread does not close the file.
 */
final class FileDestination implements OnFailureDestination, AutoCloseable {

    private final Path path;
    private final Confinement confinement;
    private OutputStream file;
    private @Nullable Object identity;
    /** Whether a write failed, perhaps halfway; guarded by this. */
    private boolean broken;

    private boolean isClosed;

    /** Decides whether a file may be opened again. */
    interface Confinement {
        /**
         * Returns if the path is still a destination, and leads where it led.
         *
         * @throws IllegalStateException if not
         * @throws IOException if that can't be found out now
         */
        void check() throws IOException;
    }

    /**
     * Opens the file, which is created with its folders if it is missing. A last line that was cut short by a
     * crash is ended, so that the next one begins on a line of its own.
     *
     * @param path may have links among its folders; a link in place of the file is an error
     */
    FileDestination(Path path) throws IOException {
        this(path, () -> {});
    }

    FileDestination(Path path, Confinement confinement) throws IOException {
        this.path = path;
        this.confinement = confinement;
        this.file = open(path);
        try {
            opened();
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static OutputStream open(Path path) throws IOException {
        Files.createDirectories(Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file has a folder"));
        return Files.newOutputStream(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC,
                LinkOption.NOFOLLOW_LINKS);
    }

    private void opened() throws IOException {
        identity = identity();
        endTornLine();
    }

    /** What tells the file of that name from the one that had it before; null if the file system has nothing such. */
    private @Nullable Object identity() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
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
    public void send(DiscardedBatch batch) throws NotInvokedException {
        byte[] document = InvocationRecord.jsonWithPayload(batch);
        byte[] line = Arrays.copyOf(document, document.length + 1);
        line[document.length] = '\n';
        synchronized (this) {
            if (isClosed) {
                throw new NotInvokedException("file:" + path + " is closed");
            }
            append(line);
        }
    }

    private void append(byte[] line) throws NotInvokedException {
        try {
            confinement.check();
            if (isMoved()) {
                openAgain();
            } else if (broken) {
                endTornLine();
            }
            broken = true;
            file.write(line);
            broken = false;
        } catch (IOException unwritten) {
            throw new NotInvokedException("file:" + path + " can't be written: " + unwritten.getMessage(), unwritten);
        }
    }

    private void endTornLine() throws IOException {
        try (InputStream content = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            long size = Files.size(path);
            if (size == 0) {
                return;
            }
            content.skipNBytes(size - 1);
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
