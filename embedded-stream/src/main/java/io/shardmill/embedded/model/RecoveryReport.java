package io.shardmill.embedded.model;

import io.shardmill.function.Shard;
import java.nio.file.Path;
import java.util.List;

/**
 * Reports the state in which the folder was found.
 *
 * @param stop how its last use ended
 * @param findings what was found wrong in the segment files since the folder was opened, in the order it was found
 */
public record RecoveryReport(Stop stop, List<Finding> findings) {

    public RecoveryReport {
        findings = List.copyOf(findings);
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    /** Returns the present damage: reading stops there until it is restored or skipped. */
    public List<Finding> damages() {
        return findings.stream().filter(finding -> finding.kind().isDamage()).toList();
    }

    /**
     * Describes damage, or a repair, at one place.
     *
     * @param from the first byte of the file that is not as it was written
     * @param bytes how many; 0 if the file ends there too early, or is missing
     * @param numbers of the records that can't be read; a torn tail never had a number that was acknowledged
     */
    public record Finding(Kind kind, Shard shard, Path segment, long from, long bytes, NumberRange numbers) {

        @Override
        public String toString() {
            return "shard " + shard + ": " + segment.getFileName() + " " + kind.text() + ", at byte " + from + " ("
                    + bytes + " bytes), " + numbers;
        }

        /** Says what is damaged and how to get past it. */
        public String advice() {
            return this + ". What lies before can be read. Stop the application and put an intact copy of the file"
                    + " there, or skip these records: POST {\"action\": \"skip-damage\"} to /actuator/shardmill/"
                    + shard.stream() + "/" + shard.id() + ", or call skipDamage(\"" + shard.stream() + "\", \""
                    + shard.id() + "\")";
        }
    }

    /** Says how the folder's last use ended. */
    public enum Stop {
        /** It was closed, or is new: nothing may be missing. */
        CLEAN,

        /** The process died: nothing that was acknowledged may be missing. */
        PROCESS_DIED,

        /**
         * The machine died, as far as is known: with {@link Durability#PROCESS}, records that were acknowledged in the
         * last moments may be missing, and how many is known only where the log had begun another segment.
         */
        MACHINE_DIED
    }

    /** Classifies findings. */
    public enum Kind {
        /** An unfinished write at the end; it was cut off. Every whole record before it is there. */
        TORN_TAIL("ended in an unfinished write, which was cut off", false),

        /**
         * Records at the end that were acknowledged with {@link Durability#PROCESS} and had not reached the disk when
         * the machine died.
         */
        LOST_TAIL("ends too early: the machine stopped before the last records were on the disk", false),

        /** Bytes that were changed after they had been written, with good records behind them. */
        CHANGED("was changed", true),

        /** The header is not as it was written. */
        HEADER("has a damaged header", true),

        /** The file is not there. */
        MISSING("is missing", true),

        /** The file ends before records that were in it. */
        SHORTENED("ends too early", true),

        /** Records that came before the file's first are in no file. */
        UNCONNECTED("follows records that are missing", true),

        /** The file can't be read. */
        UNREADABLE("can't be read", true),

        /** The file is whole, and belongs to another shard, stream or place. */
        MISPLACED("belongs to another place", true),

        /** The file holds records that {@code streams.meta} doesn't list. */
        UNLISTED("holds records that streams.meta does not list", true);

        private final String text;
        private final boolean damage;

        Kind(String text, boolean damage) {
            this.text = text;
            this.damage = damage;
        }

        String text() {
            return text;
        }

        /** Returns whether reading stops there until an intact file is put back or {@code EmbeddedStreams.skipDamage} is called. */
        public boolean isDamage() {
            return damage;
        }
    }
}
