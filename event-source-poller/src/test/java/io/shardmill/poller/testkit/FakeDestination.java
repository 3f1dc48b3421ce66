package io.shardmill.poller.testkit;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.internal.shard.BatchSender;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.internal.shard.SendOutcome;
import io.shardmill.runtime.DeadlineListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what it is sent, unless it refuses. */
public final class FakeDestination implements BatchSender {

    private final List<DiscardedBatch> batches = new ArrayList<>();
    private @Nullable RuntimeException refusal;

    @Override
    public Completion<SendOutcome> send(DiscardedBatch batch, DeadlineListener listener, Consumer<SendOutcome> later) {
        if (refusal != null) {
            return Completion.here(new SendOutcome.Refused(refusal));
        }
        batches.add(batch);
        return Completion.here(SendOutcome.DELIVERED);
    }

    /** From now on refuses with this, or no more with null. */
    public void refuses(@Nullable RuntimeException refusal) {
        this.refusal = refusal;
    }

    public List<DiscardedBatch> batches() {
        return List.copyOf(batches);
    }

    /** What it was sent, each batch as its texts in a row. */
    public List<String> digits() {
        return batches.stream()
                .map(batch -> String.join(
                        "", batch.records().stream().map(r -> r.text()).toList()))
                .toList();
    }
}
