package io.shardmill.spring.backup;

import io.shardmill.embedded.StreamBackups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a backup holds; its names are a file's format.
 *
 * @param version of the format
 * @param namespace of the application that took it
 * @param taken when it was begun: everything before is in it
 * @param opening the opening number of the streams' folder
 * @param shards the last record of each shard of each stream
 */
record BackupManifest(int version, String namespace, Instant taken, int opening, List<ShardEnd> shards) {

    static final String FILE = "backup.json";

    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The last record of a shard. */
    record ShardEnd(String stream, String shard, String lastSequenceNumber, long bytes) {}

    static BackupManifest of(String namespace, Instant taken, StreamBackups.Copy copy) {
        return new BackupManifest(
                VERSION,
                namespace,
                taken,
                copy.opening(),
                copy.shards().stream()
                        .map(shard -> new ShardEnd(
                                shard.stream(), shard.shard(), shard.last().toString(), shard.bytes()))
                        .toList());
    }

    void writeTo(Path backup) throws IOException {
        Files.writeString(
                backup.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    }

    /** @throws BackupException if there is none, or of another version */
    static BackupManifest of(Path backup) throws IOException {
        Path file = backup.resolve(FILE);
        if (!Files.exists(file)) {
            throw new BackupException(file + ": missing; name the folder of a backup");
        }
        try {
            BackupManifest manifest = JSON.readValue(Files.readString(file), BackupManifest.class);
            if (manifest.version != VERSION) {
                throw new BackupException(file + ": version " + manifest.version + " is unknown; restore with the"
                        + " version of Shardmill that took the backup, or a newer one");
            }
            return manifest;
        } catch (JacksonException unreadable) {
            throw new BackupException(file + ": can't be read, " + unreadable.getOriginalMessage(), unreadable);
        }
    }
}
