package io.shardmill.poller.destination;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code log} and {@code file:<path>}, each file opened once whatever the number of mappings. Thread-safe. */
public final class BuiltInDestinations implements DestinationCatalog, AutoCloseable {

    static final String FILE = "file:";

    private static final Logger LOG = LoggerFactory.getLogger(BuiltInDestinations.class);

    private final LogDestination log = new LogDestination();
    private final DestinationFiles allowed;
    private final Map<Path, FileDestination> files = new HashMap<>();

    /** Allows every file. */
    public BuiltInDestinations() {
        this(DestinationFiles.any());
    }

    public BuiltInDestinations(DestinationFiles allowed) {
        this.allowed = allowed;
    }

    @Override
    public Optional<OnFailureDestination> find(String name) {
        if (name.equals("log")) {
            return Optional.of(log);
        }
        return name.startsWith(FILE) ? Optional.of(file(name)) : Optional.empty();
    }

    private synchronized FileDestination file(String name) {
        Path file = resolve(name);
        try {
            FileDestination destination = files.get(file);
            if (destination == null) {
                destination = new FileDestination(file, () -> requireStill(name, file));
                files.put(file, destination);
            }
            return destination;
        } catch (IOException unusable) {
            throw refused(name, "the file can't be opened for writing", unusable);
        }
    }

    private Path resolve(String name) {
        try {
            return allowed.require(name);
        } catch (IOException unresolved) {
            throw refused(name, "the path can't be resolved", unresolved);
        }
    }

    private static IllegalArgumentException refused(String name, String why, IOException cause) {
        LOG.warn("The destination '{}' can't be used", name, cause);
        return new IllegalArgumentException(why + "; the log says why", cause);
    }

    /** The file's place may have been swapped for a link since it was opened. */
    private void requireStill(String name, Path file) throws IOException {
        try {
            if (!allowed.require(name).equals(file)) {
                throw new IllegalStateException(
                        "the path of destination '" + name + "' leads to another file than before");
            }
        } catch (IllegalArgumentException refused) {
            throw new IllegalStateException("destination '" + name + "': " + refused.getMessage(), refused);
        }
    }

    /**
     * Closes all files; what was sent is safe already.
     *
     * @throws IOException if some can't be closed: the first failure, with the others suppressed
     */
    @Override
    public synchronized void close() throws IOException {
        IOException failure = null;
        for (FileDestination file : files.values()) {
            try {
                file.close();
            } catch (IOException unclosed) {
                if (failure == null) {
                    failure = unclosed;
                } else {
                    failure.addSuppressed(unclosed);
                }
            }
        }
        files.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
