package io.shardmill.spring.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restore has done, and what follows from it.
 *
 * @param taken when the backup was begun
 * @param redeliveries for each shard of each mapping that has something left to deliver
 */
public record RestoreReport(Path backup, Path dataDir, Instant taken, List<Redelivery> redeliveries) {

    /**
     * What a mapping delivers of a shard.
     *
     * @param position where it begins
     * @param records how many there are from there on; the mapping's filters are not applied
     * @param problem why not all could be counted, or null
     */
    public record Redelivery(
            String mapping,
            String stream,
            String shard,
            String position,
            long records,
            @Nullable String problem) {

        @Override
        public String toString() {
            return "mapping " + mapping + ", stream " + stream + ", " + shard + ": " + records
                    + (problem == null ? "" : " or more (" + problem + ")") + " from " + position;
        }
    }

    public RestoreReport {
        redeliveries = List.copyOf(redeliveries);
    }

    /** For people, a line each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Restored " + backup + " into " + dataDir + ".");
        lines.add("It holds what was acknowledged before " + taken
                + ". Records that were put after the backup are lost;" + " how many there were is not known here.");
        if (redeliveries.isEmpty()) {
            lines.add("No mapping has records left to deliver.");
        } else {
            lines.add("Records that are delivered, again if they were delivered after the backup's checkpoints:");
            redeliveries.forEach(redelivery -> lines.add("  " + redelivery));
        }
        return lines;
    }
}
