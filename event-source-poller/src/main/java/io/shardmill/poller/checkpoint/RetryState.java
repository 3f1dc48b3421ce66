package io.shardmill.poller.checkpoint;

import io.shardmill.function.SequenceNumber;
import java.util.List;

/**
 * The failed head of a lane, so that attempts and parts survive a restart under the same factor.
 *
 * @param attempts how often the first part, or the window's final invocation if that comes first, was tried and failed
 * @param partEnds the last number of each part still to do, in order; none if only a final invocation is
 */
public record RetryState(int lane, int factor, int attempts, List<SequenceNumber> partEnds) {

    public RetryState {
        partEnds = List.copyOf(partEnds);
    }
}
