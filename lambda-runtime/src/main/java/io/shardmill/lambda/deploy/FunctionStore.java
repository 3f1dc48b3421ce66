package io.shardmill.lambda.deploy;

import io.shardmill.runtime.files.DurableFiles;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores functions that were created at run time, a file in each one's folder that only its owner can read: variables may
 * be secrets. Calls for one function must not overlap.
 */
final class FunctionStore {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionStore.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String FILE = "function.json";

    private final Path folder;

    FunctionStore(Path folder) {
        this.folder = folder;
    }

    /** Reads all functions, by name; skips a file that can't be read or is incomplete, and leaves it where it is. */
    Map<String, StoredFunction> readAll() throws IOException {
        Map<String, StoredFunction> definitions = new LinkedHashMap<>();
        for (Path own : Folders.entries(folder)) {
            Path file = own.resolve(FILE);
            if (Files.isRegularFile(file)) {
                try {
                    StoredFunction definition = read(file);
                    definitions.put(definition.name(), definition);
                } catch (IOException | JacksonException unreadable) {
                    LOG.error("{} can't be read; its function is missing: {}", file, unreadable.getMessage());
                }
            }
        }
        return definitions;
    }

    private static StoredFunction read(Path file) throws IOException {
        StoredFunction definition = JSON.readValue(Files.readString(file), StoredFunction.class);
        if (definition == null) {
            throw new IOException("it is null");
        }
        return definition;
    }

    /** Returns whether a file of this name is, or was to become, a stored function. */
    static boolean isOurs(String file) {
        return file.equals(FILE) || file.equals(FILE + DurableFiles.TEMPORARY);
    }

    boolean has(String function) {
        return Files.exists(folder.resolve(function).resolve(FILE));
    }

    /** Stores a function durably, all or nothing. */
    void write(StoredFunction definition) throws IOException {
        Path own = folder.resolve(definition.name());
        DurableFiles.createFolders(own);
        DurableFiles.replace(own.resolve(FILE), JSON.writeValueAsBytes(definition));
    }

    void delete(String function) throws IOException {
        Path own = folder.resolve(function);
        if (Files.deleteIfExists(own.resolve(FILE))) {
            DurableFiles.forceFolder(own);
        }
    }
}
