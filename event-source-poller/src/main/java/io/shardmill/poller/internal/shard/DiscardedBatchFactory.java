package io.shardmill.poller.internal.shard;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.EventFormat;
import io.shardmill.poller.event.FunctionArn;
import io.shardmill.poller.internal.batch.Step;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes the batch that a destination gets of a lane's discard. */
record DiscardedBatchFactory(EventSourceMapping mapping, EventFormat format) {

    DiscardedBatch create(Step.Discard discard, DiscardedBatch.Place place, long now) {
        return new DiscardedBatch(
                new DiscardedBatch.Origin(
                        mapping.name(),
                        discard.requestId(),
                        FunctionArn.of(format.sourceArn(), mapping.function()),
                        format),
                place,
                condition(discard),
                discard.invokeCount(),
                response(discard.last()),
                discard.records(),
                Instant.ofEpochMilli(now));
    }

    private DiscardedBatch.Condition condition(Step.Discard discard) {
        return discard.last() instanceof InvocationOutcome.Failure last
                        && last.kind() == InvocationOutcome.Failure.Kind.TOO_LARGE
                ? format.tooLarge()
                : discard.condition();
    }

    private static DiscardedBatch.@Nullable Response response(@Nullable InvocationOutcome last) {
        return last == null || !last.reachedFunction()
                ? null
                : new DiscardedBatch.Response(last.executedVersion(), last.functionError(), last.describe());
    }
}
