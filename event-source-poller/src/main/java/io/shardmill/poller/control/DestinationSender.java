package io.shardmill.poller.control;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.shard.BatchSender;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.Overdue;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends to a destination under a deadline of 10 s, so that one that hangs doesn't hold a shard for long. */
record DestinationSender(OnFailureDestination destination, Deadlines deadlines) implements BatchSender {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public Optional<Throwable> send(DiscardedBatch batch, Overdue overdue, Consumer<Optional<Throwable>> later) {
        Deadlines.Deadline deadline = deadlines.start(TIMEOUT, overdue);
        Optional<Throwable> failure = Optional.empty();
        try {
            destination.send(batch);
        } catch (Throwable thrown) { // a destination's Error must not end the engine
            failure = Optional.of(thrown);
        }
        deadline.returned(); // one that took it in the end has it
        return failure;
    }
}
