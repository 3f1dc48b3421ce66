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
        Path file = allowed.require(name);
        try {
            FileDestination destination = files.get(file);
            if (destination == null) {
                destination = new FileDestination(file, () -> requireStill(name, file));
                files.put(file, destination);
            }
            return destination;
        } catch (IOException unusable) {
            LOG.warn("The destination '{}' can't be used", name, unusable);
            throw new IllegalArgumentException("the file can't be opened for writing; the log says why", unusable);
        }
    }

    /** The file's place may have been swapped for a link since it was opened. */
    private void requireStill(String name, Path file) throws IOException {
        try {
            if (!allowed.require(name).equals(file)) {
                throw new IOException("the path of destination '" + name + "' leads to another file than before");
            }
        } catch (IllegalArgumentException refused) {
            throw new IOException("destination '" + name + "': " + refused.getMessage(), refused);
        }
    }

    /** Closes the files; what was sent is safe already. */
    @Override
    public synchronized void close() throws IOException {
        for (FileDestination file : files.values()) {
            file.close();
        }
        files.clear();
    }
}
