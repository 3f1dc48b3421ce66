package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SegmentMeta;
import io.shardmill.embedded.model.RecoveryReport;
import org.jspecify.annotations.Nullable;

/**
 * Marks records that should lie behind a segment's readable part and do not.
 *
 * @param stored what stays stored of the segment until the damage is skipped; null if it was not listed
 * @param through counter of the last record that is missing: a reader that has read that far misses nothing
 * @param rescuable whether whole records behind the readable part are this segment's
 */
record Gap(@Nullable SegmentMeta stored, long through, boolean rescuable, RecoveryReport.Finding finding) {}
