package io.shardmill.embedded.internal.metadata;

import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.RecoveryReport.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Describes the last use of the folder, which decides what may be missing in it.
 *
 * @param stopped whether it was stopped cleanly: then nothing may be missing
 * @param durability of the puts
 * @param boot names the machine's start, {@link #UNKNOWN} if the system doesn't name it
 */
public record LastRun(boolean stopped, Durability durability, String boot) {

    public static final String UNKNOWN = "-";

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** Returns one that begins now, on this machine. */
    public static LastRun begin(Durability durability) {
        return new LastRun(false, durability, presentBoot());
    }

    public LastRun stop() {
        return new LastRun(true, durability, boot);
    }

    /** Returns how it ended. Where the system doesn't name its boots, a run that was not stopped counts as ended by one. */
    public Stop end() {
        if (stopped) {
            return Stop.CLEAN;
        }
        return boot.equals(UNKNOWN) || !boot.equals(presentBoot()) ? Stop.MACHINE_DIED : Stop.PROCESS_DIED;
    }

    /**
     * Returns whether acknowledged records at the end of a shard may be missing without anybody's fault: the machine died, and
     * nobody had forced them to the disk. The death of the process alone loses nothing that the system had taken over.
     */
    public boolean mayHaveLostRecords() {
        return durability == Durability.PROCESS && end() == Stop.MACHINE_DIED;
    }

    private static String presentBoot() {
        try {
            String id = Files.readString(BOOT_ID).strip();
            return id.matches("[0-9a-f-]{1,64}") ? id : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
