package io.shardmill.lambda.deploy;

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
 * The definitions of functions that were created at run time, a file in each one's folder that only its owner can read:
 * variables may be secrets. Calls for one function must not overlap.
 */
final class Definitions {

    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ASIDE = "function";
    private static final String SUFFIX = ".json";
    private static final String FILE = ASIDE + SUFFIX;

    private final Path folder;

    Definitions(Path folder) {
        this.folder = folder;
    }

    /** By function name. One that can't be read is left where it is, and out of this. */
    Map<String, Definition> readAll() throws IOException {
        Map<String, Definition> definitions = new LinkedHashMap<>();
        for (Path own : CodeStore.entries(folder)) {
            Path file = own.resolve(FILE);
            if (Files.isRegularFile(file)) {
                try {
                    Definition definition = complete(JSON.readValue(Files.readString(file), Definition.class), own);
                    definitions.put(definition.configuration().name(), definition);
                } catch (IOException | JacksonException unreadable) {
                    LOG.error("{} can't be read, so its function is not there: {}", file, unreadable.getMessage());
                }
            }
        }
        return definitions;
    }

    /** What was written before there were details gets those that can be told. */
    private static Definition complete(Definition definition, Path own) throws IOException {
        Path code = own.resolve(definition.revision());
        if (definition.details() != null || !Files.isDirectory(code)) {
            return definition;
        }
        FunctionDetails details = FunctionDetails.now(FunctionDetails.LATEST, CodeFacts.of(code), FunctionLabels.NONE);
        return definition.with(new Definition.Snapshot(definition.configuration(), definition.revision(), details));
    }

    /** Whether it is a definition, or what was to become one. */
    static boolean isOurs(String file) {
        return file.startsWith(ASIDE) && file.endsWith(SUFFIX);
    }

    boolean has(String function) {
        return Files.exists(folder.resolve(function).resolve(FILE));
    }

    /** On the disk when this returns; until then there is the one before. */
    void write(Definition definition) throws IOException {
        Path own = folder.resolve(definition.configuration().name());
        DurableFiles.createFolders(own);
        Path aside = Files.createTempFile(own, ASIDE, SUFFIX); // for its owner's eyes only
        try {
            DurableFiles.replace(own.resolve(FILE), aside, JSON.writeValueAsString(definition));
        } finally {
            Files.deleteIfExists(aside); // which is there only if it did not become the definition
        }
    }

    void delete(String function) throws IOException {
        Path own = folder.resolve(function);
        if (Files.deleteIfExists(own.resolve(FILE))) {
            DurableFiles.forceFolder(own);
        }
    }
}
