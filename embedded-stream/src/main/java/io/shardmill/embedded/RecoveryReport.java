package io.shardmill.embedded;

import io.shardmill.function.Shard;
import java.nio.file.Path;
import java.util.List;

/** What was found wrong in the segment files since the folder was opened, in the order it was found. */
public record RecoveryReport(List<Finding> findings) {

    public RecoveryReport {
        findings = List.copyOf(findings);
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    /**
     * One finding.
     *
     * @param from the first byte of the file that is not as it was written
     * @param bytes how many; 0 if the file ends there too early
     */
    public record Finding(Kind kind, Shard shard, Path segment, long from, long bytes) {

        @Override
        public String toString() {
            return kind + " in " + shard + ", " + segment + ", byte " + from + ", " + bytes + " bytes";
        }
    }

    /** What a finding is. */
    public enum Kind {
        /** An unfinished write at the end; it was cut off. Every whole record before it is there. */
        TORN_TAIL,

        /**
         * Bytes that were changed after they had been written, with good records behind them. Reading stops
         * there until {@link EmbeddedStreams#skipDamage} gives those bytes up.
         */
        DAMAGE
    }
}
