package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.StreamLogs;
import io.shardmill.embedded.internal.metadata.MetadataFile;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cleans up after streams whose creation or deletion was interrupted. */
record LeftoverFolders(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverFolders.class);
    private static final String DELETED = ".deleted";

    /** Returns the folder's name while its stream is deleted. */
    static Path toBeDeleted(Path records) {
        return records.resolveSibling(records.getFileName() + DELETED);
    }

    /** Restores the folder of a stream whose deletion was not completed. */
    void restore(StreamMeta stream) throws IOException {
        Path records = folder.resolve(stream.folderName());
        Path toBeDeleted = toBeDeleted(records);
        if (Files.isDirectory(toBeDeleted) && !Files.exists(records)) {
            Files.move(toBeDeleted, records);
        }
    }

    /** Refuses a folder with records of an unknown stream: the metadata is older than it. */
    void refuseUnknown(Collection<StreamMeta> streams) throws IOException {
        Set<String> known = streams.stream().map(StreamMeta::folderName).collect(Collectors.toSet());
        for (Path entry : folders()) {
            String name = entry.getFileName().toString();
            if (name.endsWith(DELETED) || known.contains(name)) {
                continue;
            }
            if (!StreamLogs.holdsRecords(entry)) {
                LOG.warn("{} belongs to no stream; delete it", entry);
            } else {
                throw new StreamFolderException(entry + " holds records of a stream that " + MetadataFile.NAME
                        + " does not know: restore the newest copy of that file, or move the folder away");
            }
        }
    }

    void delete() throws IOException {
        for (Path entry : folders()) {
            if (entry.getFileName().toString().endsWith(DELETED)) {
                Folders.delete(entry);
            }
        }
    }

    private List<Path> folders() throws IOException {
        return Folders.list(folder).stream().filter(Files::isDirectory).toList();
    }
}
