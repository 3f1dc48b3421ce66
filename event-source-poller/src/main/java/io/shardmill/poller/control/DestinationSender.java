package io.shardmill.poller.control;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.internal.shard.BatchSender;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.internal.shard.SendOutcome;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import java.util.function.Consumer;

/** Sends to a destination under a deadline of 10 s, so that one that hangs doesn't hold a shard for long. */
record DestinationSender(OnFailureDestination destination, Deadlines deadlines) implements BatchSender {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public Completion<SendOutcome> send(DiscardedBatch batch, DeadlineListener listener, Consumer<SendOutcome> later) {
        Deadlines.Deadline deadline = deadlines.start(TIMEOUT, listener);
        SendOutcome outcome = SendOutcome.DELIVERED;
        try {
            destination.send(batch);
        } catch (OutOfMemoryError full) { // no refusal: there was no memory to ask it
            outcome = new SendOutcome.NotSent(NotInvokedException.internal(full).reason());
        } catch (NotInvokedException fault) {
            outcome = new SendOutcome.NotSent(fault.reason());
        } catch (Throwable thrown) { // a destination's Error must not end the engine
            outcome = new SendOutcome.Refused(thrown);
        }
        deadline.returned(); // one that took it in the end has it
        return Completion.here(outcome);
    }
}
