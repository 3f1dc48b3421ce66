package io.shardmill.embedded;

import io.shardmill.embedded.RecoveryReport.Finding;
import java.io.IOException;
import java.util.List;

/**
 * Takes up the segments of a stream's shards when the folder is opened.
 *
 * @param lastRun decides what may be missing
 * @param firstCounter of this opening: all records found have smaller ones
 * @param nowMillis where a time that is lost counts from
 */
record Recovery(SegmentStore store, Findings findings, LastRun lastRun, long firstCounter, long nowMillis) {

    /**
     * Recovers one shard.
     *
     * @param known the segments that it must have
     * @param files the segments that it has
     * @return the largest counter found
     */
    long recover(ShardAppender shard, ShardSegments known, List<SegmentFolder.SegmentFile> files) throws IOException {
        List<SegmentMeta> listed =
                lastRun.mayHaveLostRecords() ? new LostTail(this, shard.log(), files).accept(known) : known.list();
        return new ShardRecovery(this, shard, new ShardSegments(known.trimmedThrough(), listed), files).run();
    }

    void found(Finding finding) {
        findings.add(finding);
    }
}
