package io.shardmill.poller.internal.shard;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.stream.Position;
import java.util.List;
import java.util.Objects;

/** A shard's state as it was offered to be saved, and as it is saved. Touched only inside the shard's turns. */
final class ShardCheckpoint {

    private final ShardAssignment assignment;
    private final CheckpointWriter writer;
    private final ShardConsumer shard;
    private CheckpointUpdate offered;
    private CheckpointUpdate saved;

    /** @param shard gets a message about each save */
    ShardCheckpoint(ShardAssignment assignment, CheckpointWriter writer, ShardConsumer shard) {
        this.assignment = assignment;
        this.writer = writer;
        this.shard = shard;
        this.offered = assignment.update(ShardState.READING, assignment.row().progress(), false, List.of());
        this.saved = offered;
    }

    /** Offers a state to be saved, if it is another than before. */
    void offer(ShardState state, Progress progress) {
        if (offered.state() != state || !offered.progress().equals(progress)) {
            offered = assignment.update(state, progress, isWindowStateUnsaved(progress), shard.committed());
            writer.offer(shard, offered);
        }
    }

    /** Returns whether the row may hold another state of the window than this. */
    private boolean isWindowStateUnsaved(Progress progress) {
        boolean isEarlierUnsaved = !isSaved() && offered.windowStateChanged();
        return isEarlierUnsaved || !Objects.equals(saved.progress().windowState(), progress.windowState());
    }

    void saved(CheckpointUpdate update) {
        saved = update;
    }

    /** Returns whether the last offered state is saved. */
    boolean isSaved() {
        return saved.equals(offered);
    }

    /** Returns where a restart would read on, once what was offered is saved. */
    Position position() {
        SequenceNumber watermark = offered.progress().watermark();
        return watermark == null ? assignment.row().position() : Position.after(watermark);
    }
}
