package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.LastRun;
import io.shardmill.embedded.model.RecoveryReport;
import io.shardmill.embedded.model.RecoveryReport.Finding;
import io.shardmill.embedded.model.RecoveryReport.Stop;
import io.shardmill.function.Shard;
import io.shardmill.runtime.files.DurableFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects and logs damage that was found. Thread-safe. */
public final class RecoveryLog {

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryLog.class);

    private final CopyOnWriteArrayList<Finding> found = new CopyOnWriteArrayList<>();
    private volatile Stop stop = Stop.CLEAN;

    /** Records and logs how the folder's last use ended. */
    public void begin(Path folder, LastRun run) {
        stop = run.end();
        if (run.mayHaveLostRecords()) {
            LOG.warn(
                    "The machine died while the streams in {} were open. Their durability was PROCESS: records that were"
                            + " put in the last moments before may be missing",
                    folder);
        } else if (stop != Stop.CLEAN) {
            LOG.warn("The streams in {} were not closed; the end of each shard is checked", folder);
        }
    }

    /** Logs the finding unless there is one of that place already. */
    synchronized void add(Finding finding) {
        if (at(finding.segment(), finding.from()) != null) {
            return;
        }
        found.add(finding);
        if (finding.kind().isDamage()) {
            LOG.error("{} (in {})", finding.advice(), DurableFiles.folderOf(finding.segment()));
        } else {
            LOG.warn("{} (in {})", finding, DurableFiles.folderOf(finding.segment()));
        }
    }

    /** Returns null if nothing was found there. */
    @Nullable
    Finding at(Path file, long from) {
        for (Finding finding : found) {
            if (finding.segment().equals(file) && finding.from() == from) {
                return finding;
            }
        }
        return null;
    }

    /** Forgets the shard's damage, which was skipped. */
    public synchronized List<Finding> forgetDamage(Shard shard) {
        return forget(finding -> finding.kind().isDamage() && finding.shard().equals(shard));
    }

    /** Forgets what was found in a file that is deleted. */
    public synchronized void forget(Path file) {
        forget(finding -> finding.segment().equals(file));
    }

    /** Forgets what was found in a stream that is deleted. */
    public synchronized void forgetStream(String stream) {
        forget(finding -> finding.shard().stream().equals(stream));
    }

    private List<Finding> forget(Predicate<Finding> which) {
        List<Finding> forgotten = found.stream().filter(which).toList();
        found.removeAll(forgotten);
        return forgotten;
    }

    public RecoveryReport report() {
        return new RecoveryReport(stop, List.copyOf(found));
    }
}
