package io.shardmill.lambda.process;

import io.shardmill.lambda.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all functions in processes share: a folder, threads, AWS's Java client. Thread-safe. To be closed after the
 * functions. Needs Linux: a {@code setsid} command, and {@code /proc}.
 */
public final class ProcessRuntime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessRuntime.class);
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private final Path folder;
    private final Path javaHome;
    private final Path setsid;
    private final FileChannel lock;
    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, daemons("shardmill-process-timer-"));
    private final MemoryWatch memory = new MemoryWatch(timer);
    private final PeerCheck peers = PeerCheck.ofOwnUser();
    private @Nullable RuntimeClient client; // guarded by this

    private ProcessRuntime(Path folder, Path javaHome, Path setsid, FileChannel lock, ExecutorService threads) {
        this.folder = folder;
        this.javaHome = javaHome;
        this.setsid = setsid;
        this.lock = lock;
        this.threads = threads;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** With the Java that runs this. */
    public static ProcessRuntime open(Path folder) {
        return open(folder, Path.of(System.getProperty("java.home")));
    }

    /**
     * Takes the folder, and starts nothing yet.
     *
     * @param folder ours alone: for AWS's client and the functions' temporary files; what is left in it is deleted
     * @param javaHome the Java that runs Java functions, 17 or newer
     * @throws IllegalStateException if another process uses the folder, or this system cannot run functions in processes
     */
    public static ProcessRuntime open(Path folder, Path javaHome) {
        return open(folder, javaHome, Executors.newCachedThreadPool(daemons("shardmill-process-")));
    }

    /** Closing it shuts the threads down. */
    static ProcessRuntime open(Path folder, Path javaHome, ExecutorService threads) {
        Path setsid = SETSID.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("functions in processes of their own need Linux and its"
                        + " command setsid (package util-linux); none of " + SETSID + " can be run"));
        Path own = folder.toAbsolutePath();
        try {
            Files.createDirectories(own);
            FileChannel lock =
                    FileChannel.open(own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isOurs(lock)) {
                lock.close();
                throw new IllegalStateException("the folder " + own
                        + " for functions' processes is used by another process; give each its own");
            }
            clear(own.resolve("environments"), lock);
            clear(own.resolve("code"), lock);
            return new ProcessRuntime(own, javaHome, setsid, lock, threads);
        } catch (IOException unusable) {
            throw new UncheckedIOException("the folder " + own + " for functions' processes cannot be used", unusable);
        }
    }

    private static void clear(Path environments, FileChannel lock) throws IOException {
        try {
            Folders.delete(environments);
        } catch (IOException undeletable) {
            letGo(lock);
            throw undeletable;
        }
    }

    private static boolean isOurs(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException inThisJvm) {
            return false;
        }
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    Path javaHome() {
        return javaHome;
    }

    Path setsid() {
        return setsid;
    }

    MemoryWatch memory() {
        return memory;
    }

    /** Admits the user that a function runs as; null is our own. */
    PeerCheck peers(@Nullable ProcessUser user) {
        return user == null ? peers : PeerCheck.ofUser(user.uid());
    }

    /**
     * Finds another user as whom functions can be run, and lets it use what all functions share.
     *
     * @throws IllegalStateException if this is not possible; the message says what is needed
     */
    public ProcessUser user(String name) {
        try {
            ProcessUser user = ProcessUser.of(name, folder);
            for (Path shared : List.of(clientFolder(), environmentsFolder(), codeFolder())) {
                Files.createDirectories(shared);
                Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwx--x--x"));
            }
            return user;
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible.getMessage(), impossible);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    /** Where code is copied to for users who can't read it elsewhere; empty at the start. */
    public Path codeFolder() {
        return folder.resolve("code");
    }

    ExecutorService threads() {
        return threads;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    Path clientFolder() {
        return folder.resolve("client");
    }

    Path environmentsFolder() {
        return folder.resolve("environments");
    }

    /** Unpacked at its first use. */
    synchronized RuntimeClient client() throws IOException {
        if (client == null) {
            client = RuntimeClient.unpack(clientFolder());
        }
        return client;
    }

    /** Ends its threads and lets go of the folder. */
    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("a function's process does not end: its output may go on into nothing");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        try {
            Folders.delete(environmentsFolder());
        } catch (IOException undeletable) {
            LOG.warn(
                    "{} cannot be deleted now, and is at the next start: {}",
                    environmentsFolder(),
                    undeletable.toString());
        } finally {
            letGo(lock);
        }
    }

    private static void letGo(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException failed) {
            LOG.warn("a folder's lock cannot be let go: {}", failed.toString());
        }
    }
}
