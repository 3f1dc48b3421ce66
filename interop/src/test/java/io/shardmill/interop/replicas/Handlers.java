package io.shardmill.interop.replicas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What a test wants of the handlers of a fleet while they run: told in files, which the replicas read at each batch. */
final class Handlers {

    private static final Duration USUAL = Duration.ofMillis(20);
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    private final Path folder;

    /** @param folder made if it is missing */
    Handlers(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    private Path millis() {
        return folder.resolve("millis");
    }

    private Path hold(String replica) {
        return folder.resolve(replica + ".hold");
    }

    private Path held(String replica) {
        return folder.resolve(replica + ".held");
    }

    // The test's.

    /** From the next batch on. */
    void take(Duration duration) {
        write(millis(), String.valueOf(duration.toMillis()));
    }

    /** From now on commits of the replica wait, with all that comes before a commit done, until {@link #letGo}. */
    void hold(ReplicaProcess replica) {
        write(hold(replica.name()), "");
    }

    /** Returns whether a commit of it waits. */
    boolean isHeld(ReplicaProcess replica) {
        return Files.exists(held(replica.name()));
    }

    /** Returns the shard of the first commit of it that waits. */
    String heldShard(ReplicaProcess replica) {
        return read(held(replica.name()), "");
    }

    void letGo(ReplicaProcess replica) {
        try {
            Files.delete(hold(replica.name()));
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    // The replicas'.

    double seconds() {
        return Long.parseLong(read(millis(), String.valueOf(USUAL.toMillis()))) / 1_000.0;
    }

    /** Called between the last statement of a transaction and its commit. */
    void committing(String replica, String shard) {
        if (Files.exists(hold(replica))) {
            synchronized (this) {
                if (!Files.exists(held(replica))) {
                    write(held(replica), shard);
                }
            }
            while (Files.exists(hold(replica))) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    /** Whoever reads sees all of it or nothing. */
    private void write(Path file, String text) {
        try {
            Path written = Files.writeString(Files.createTempFile(folder, "written", null), text);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    private static String read(Path file, String otherwise) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            return otherwise;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
