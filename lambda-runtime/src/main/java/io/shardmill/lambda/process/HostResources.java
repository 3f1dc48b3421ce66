package io.shardmill.lambda.process;

import io.shardmill.lambda.LambdaRuntime.Family;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.files.FolderLock;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what a host's functions in processes share: a folder, threads, interpreters, clients of the Runtime API. Thread-safe.
 * To be closed after the functions. Needs Linux: a {@code setsid} command, and {@code /proc}.
 */
final class HostResources implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostResources.class);
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    /** The only folder that is cleared, and whose permissions are changed: the one above it may be anybody's. */
    private static final String OWN_FOLDER = "shardmill-environments";

    private static final String LOCK = "lock";
    private static final String ENVIRONMENTS = "environments";
    private static final String CODE = "code";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> TRAVERSABLE = PosixFilePermissions.fromString("rwx--x--x");

    private final Path folder;
    private final Path javaHome;
    private final Interpreters interpreters;
    private final Path setsid;
    private final FolderLock lock;
    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.named("shardmill-process-timer"));
    private final MemoryWatch memory = new MemoryWatch(DaemonThreads.named("shardmill-process-memory"));
    private final ProcessUser ownUser;
    private final Map<Family, Path> scripts = new EnumMap<>(Family.class); // guarded by this
    private @Nullable RuntimeClient client; // guarded by this

    private HostResources(Path folder, Languages languages, Path setsid, FolderLock lock, ExecutorService threads)
            throws IOException {
        this.folder = folder;
        this.javaHome = languages.javaHome();
        this.interpreters = languages.interpreters();
        this.setsid = setsid;
        this.lock = lock;
        this.threads = threads;
        this.ownUser = ProcessUser.ofServer();
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * What runs functions' code.
     *
     * @param javaHome the Java that runs Java functions, 17 or newer
     */
    record Languages(Path javaHome, Interpreters interpreters) {

        /** Returns the Java that runs this, and interpreters. */
        static Languages with(Interpreters interpreters) {
            return new Languages(Path.of(System.getProperty("java.home")), interpreters);
        }
    }

    /** Opens the folder with the Java that runs this and the interpreters on its {@code PATH}. */
    static HostResources open(Path folder) {
        return open(folder, Languages.with(Interpreters.of(ProcessOptions.in(folder))));
    }

    /**
     * Takes the folder, and starts nothing yet.
     *
     * @param folder in which a folder {@code shardmill-environments} is created for clients of the Runtime API, copies of code and the
     *     functions' temporary files; what the previous run left there is deleted, nothing else is touched
     * @throws IllegalStateException if somebody else made that folder, another process uses it, or this system cannot run functions in processes
     */
    static HostResources open(Path folder, Languages languages) {
        return open(folder, languages, Executors.newCachedThreadPool(DaemonThreads.numbered("shardmill-process-")));
    }

    /** Closing it shuts the threads down. */
    static HostResources open(Path folder, Languages languages, ExecutorService threads) {
        Path setsid = SETSID.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("functions in processes of their own need Linux and its"
                        + " command setsid (package util-linux); none of " + SETSID + " can be run"));
        Path own = folder.toAbsolutePath().resolve(OWN_FOLDER);
        try {
            createOrRequireOurs(own);
            FolderLock lock = FolderLock.tryTake(own, LOCK);
            if (lock == null) {
                throw new IllegalStateException("the folder " + own
                        + " for functions' processes is used by another process; give each its own");
            }
            try {
                Files.setPosixFilePermissions(own, OWNER_ONLY);
                Folders.delete(own.resolve(ENVIRONMENTS));
                Folders.delete(own.resolve(CODE));
            } catch (IOException undeletable) {
                letGo(lock);
                throw undeletable;
            }
            return new HostResources(own, languages, setsid, lock, threads);
        } catch (IOException unusable) {
            throw new UncheckedIOException("the folder " + own + " for functions' processes cannot be used", unusable);
        }
    }

    /** Never takes over a folder, link or file that somebody else made: its content is deleted at each start. */
    private static void createOrRequireOurs(Path own) throws IOException {
        Files.createDirectories(own.getParent());
        try {
            Files.createDirectory(own, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            return;
        } catch (FileAlreadyExistsException earlier) {
            // ours of the previous run, perhaps
        }
        boolean isOurs = Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS)
                && ((Number) Files.getAttribute(own, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue()
                        == ProcessStatus.ownUid()
                && (Files.exists(own.resolve(LOCK), LinkOption.NOFOLLOW_LINKS) || isEmpty(own));
        if (!isOurs) {
            throw new IllegalStateException(own + " was not created by this server's user for functions' processes;"
                    + " move it away, or use another folder");
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    Path javaHome() {
        return javaHome;
    }

    Interpreters interpreters() {
        return interpreters;
    }

    Path setsid() {
        return setsid;
    }

    MemoryWatch memory() {
        return memory;
    }

    /** Returns the user of this process. */
    ProcessUser ownUser() {
        return ownUser;
    }

    /**
     * Finds another user as whom functions can be run, and lets it use what all functions share.
     *
     * @throws IllegalStateException if this is not possible; the message says what is needed
     */
    ProcessUser user(String name) {
        try {
            Files.setPosixFilePermissions(folder, TRAVERSABLE);
            ProcessUser user = ProcessUser.of(name, folder);
            for (Path shared : List.of(clientFolder(), environmentsFolder(), codeFolder())) {
                Files.createDirectories(shared);
                Files.setPosixFilePermissions(shared, TRAVERSABLE);
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
    Path codeFolder() {
        return folder.resolve(CODE);
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
        return folder.resolve(ENVIRONMENTS);
    }

    /** Unpacked at its first use. */
    synchronized RuntimeClient client() throws IOException {
        if (client == null) {
            client = RuntimeClient.unpack(clientFolder());
        }
        return client;
    }

    /** Returns our client for a language, unpacked at its first use. */
    synchronized Path clientScript(Family family) throws IOException {
        Path script = scripts.get(family);
        if (script == null) {
            script = ClientScripts.unpack(family, clientFolder());
            scripts.put(family, script);
        }
        return script;
    }

    /** Ends its threads and lets go of the folder. */
    @Override
    public void close() {
        timer.shutdownNow();
        memory.close();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("A function's process does not end; its further output is lost");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        try {
            Folders.delete(environmentsFolder());
        } catch (IOException undeletable) {
            LOG.warn(
                    "Could not delete {}; it will be deleted at the next start: {}",
                    environmentsFolder(),
                    undeletable.toString());
        } finally {
            letGo(lock);
        }
    }

    private static void letGo(FolderLock lock) {
        try {
            lock.close();
        } catch (IOException failed) {
            LOG.warn("Could not release the lock of a folder: {}", failed.toString());
        }
    }
}
