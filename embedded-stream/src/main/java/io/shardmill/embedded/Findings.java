package io.shardmill.embedded;

import io.shardmill.function.Shard;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers and logs what was found wrong. Thread-safe. */
final class Findings {

    private static final Logger LOG = LoggerFactory.getLogger(Findings.class);

    private final CopyOnWriteArrayList<RecoveryReport.Finding> found = new CopyOnWriteArrayList<>();

    void tornTail(Shard shard, Path file, long from, long bytes) {
        add(new RecoveryReport.Finding(RecoveryReport.Kind.TORN_TAIL, shard, file, from, bytes));
    }

    /** Said once for each place. */
    void damage(Shard shard, Path file, long from, long bytes) {
        add(new RecoveryReport.Finding(RecoveryReport.Kind.DAMAGE, shard, file, from, bytes));
    }

    private void add(RecoveryReport.Finding finding) {
        boolean known = found.stream()
                .anyMatch(other -> other.segment().equals(finding.segment()) && other.from() == finding.from());
        if (known) {
            return;
        }
        found.add(finding);
        if (finding.kind() == RecoveryReport.Kind.TORN_TAIL) {
            LOG.warn("cut an unfinished write off: {}", finding);
        } else {
            LOG.error("{}", adviceFor(finding.shard(), finding.segment(), finding.from()));
        }
    }

    /** The shard's damage was given up. */
    void forgetDamage(Shard shard) {
        found.removeIf(finding ->
                finding.kind() == RecoveryReport.Kind.DAMAGE && finding.shard().equals(shard));
    }

    RecoveryReport report() {
        return new RecoveryReport(List.copyOf(found));
    }

    static String adviceFor(Shard shard, Path file, long from) {
        return "records of " + shard + " are damaged or missing from byte " + from + " of " + file
                + " on; what lies before can be read. Stop the application and put an intact copy of the file"
                + " there, or give the damaged records up with skipDamage(\"" + shard.stream() + "\", \"" + shard.id()
                + "\")";
    }
}
