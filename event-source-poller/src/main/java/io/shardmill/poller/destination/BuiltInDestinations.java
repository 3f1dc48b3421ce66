package io.shardmill.poller.destination;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** {@code log} and {@code file:<path>}, each file opened once whatever the number of mappings. Thread-safe. */
public final class BuiltInDestinations implements DestinationCatalog, AutoCloseable {

    private static final String FILE = "file:";

    private final LogDestination log = new LogDestination();
    private final Map<Path, FileDestination> files = new HashMap<>();

    @Override
    public Optional<OnFailureDestination> find(String name) {
        if (name.equals("log")) {
            return Optional.of(log);
        }
        return name.startsWith(FILE) ? Optional.of(file(name.substring(FILE.length()))) : Optional.empty();
    }

    private synchronized FileDestination file(String path) {
        if (path.isBlank()) {
            throw new IllegalArgumentException("the path is missing, as in file:./data/discarded.jsonl");
        }
        try {
            Path file = Path.of(path).toAbsolutePath().normalize();
            FileDestination destination = files.get(file);
            if (destination == null) {
                destination = new FileDestination(file);
                files.put(file, destination);
            }
            return destination;
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("the file can't be opened for writing: " + e, e);
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
