package io.shardmill.poller.control;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.internal.filter.UnfilterableRecordException;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.Position;
import io.shardmill.runtime.FaultText;
import io.shardmill.runtime.InvocationOutcome;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs what happens to a mapping's shards, without payloads and keys. */
final class MappingLog implements ShardObserver {

    private static final Logger LOG = LoggerFactory.getLogger("io.shardmill.mapping");

    private final String mapping;
    private final boolean bisects;
    private final FaultText faults;

    /** Lanes whose batch the function did not take. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    MappingLog(EventSourceMapping mapping, FaultText faults) {
        this.mapping = mapping.label();
        this.faults = faults;
        this.bisects = mapping.failureHandling().bisectBatchOnFunctionError();
    }

    /**
     * Logs the first failure of a batch with where it was thrown, and its retries at growing distance: a poison record must not
     * flood the log, nor be silent. All other failures are logged at DEBUG, such as those of a batch that is split. Logs a
     * batch's first refusal, which is not an attempt.
     */
    @Override
    public void attempted(BatchAttempt attempt) {
        InvocationOutcome outcome = attempt.outcome();
        if (isFirstRefusal(attempt.shard(), attempt.lane(), outcome)) {
            LOG.warn(
                    "{} {} lane {}: a batch of {} (requestId {}): {}; it is tried again until the function takes it",
                    mapping,
                    attempt.shard(),
                    attempt.lane(),
                    attempt.records(),
                    attempt.attempt().requestId(),
                    outcome.describe());
        } else if (!(outcome instanceof InvocationOutcome.Succeeded)) {
            failed(attempt);
        }
    }

    private void failed(BatchAttempt failed) {
        InvocationOutcome outcome = failed.outcome();
        int number = failed.attempt().number();
        boolean isSplit = bisects && failed.records() > 1;
        boolean isFirstHere = failed.failingSince().equals(failed.time());
        boolean isNews = outcome.consumesAttempt() && !isSplit && (isFirstHere || isNews(number));
        LOG.atLevel(isNews ? Level.WARN : Level.DEBUG)
                .log(
                        "{} {} lane {}: attempt {} of a batch of {} failed{} (requestId {}): {}{}",
                        mapping,
                        failed.shard(),
                        failed.lane(),
                        number,
                        failed.records(),
                        isFirstHere ? "" : ", failing since " + failed.failingSince(),
                        failed.attempt().requestId(),
                        outcome.describe(),
                        isNews && isFirstHere ? stack(outcome) : "");
    }

    /** Returns whether an attempt that is not the first here is one of 1, 2, 5, 10, 20, 50, 100 and so on. */
    static boolean isNews(int attempt) {
        int digit = attempt;
        while (digit % 10 == 0) {
            digit /= 10;
        }
        return digit == 1 || digit == 2 || digit == 5;
    }

    private boolean isFirstRefusal(Shard shard, int lane, InvocationOutcome outcome) {
        if (outcome instanceof InvocationOutcome.Failure failure && !failure.consumesAttempt()) {
            return refused.add(shard + " " + lane);
        }
        if (!refused.isEmpty()) {
            refused.remove(shard + " " + lane);
        }
        return false;
    }

    private static String stack(InvocationOutcome outcome) {
        Throwable cause = outcome instanceof InvocationOutcome.Failure failed ? failed.cause() : null;
        return cause == null ? "" : FaultText.lines(cause);
    }

    @Override
    public void cutShort(Shard shard, int lane, int records) {
        LOG.warn(
                "{} {} lane {}: a batch that was tried before a restart is retried with its first {} records only, as there"
                        + " was no memory to read the others",
                mapping,
                shard,
                lane,
                records);
    }

    @Override
    public void unfilterable(Record record, Throwable fault) {
        String why = fault instanceof UnfilterableRecordException
                ? fault.getMessage()
                : fault.getClass().getSimpleName(); // another's message may quote the payload
        LOG.warn("{} {}: the filters can't judge it ({}), so it is delivered", mapping, record, why);
    }

    @Override
    public void dropped(DiscardedBatch batch) {
        LOG.error(
                "{}: {}, {}: dropped, because the mapping has no on-failure destination{}",
                mapping,
                describe(batch),
                batch.condition().wireName(),
                reason(batch));
    }

    @Override
    public void delivered(DiscardedBatch batch) {
        LOG.warn(
                "{}: {}, {}: sent to the on-failure destination{}",
                mapping,
                describe(batch),
                batch.condition().wireName(),
                reason(batch));
    }

    @Override
    public void destinationRefused(DiscardedBatch batch, Throwable failure) {
        LOG.error(
                "{}: {}; what the on-failure destination refused is dropped: {}",
                mapping,
                describe(batch),
                faults.describe(failure));
    }

    @Override
    public void notSent(Shard shard, int lane, DiscardedBatch batch, String reason) {
        if (refused.add(shard + " " + lane)) {
            LOG.warn("{}: {}: not sent to the on-failure destination: {}; retrying", mapping, describe(batch), reason);
        }
    }

    private static String describe(DiscardedBatch batch) {
        int attempts = batch.invokeCount();
        return batch.describe() + " given up after " + attempts + (attempts == 1 ? " attempt" : " attempts")
                + " (requestId " + batch.origin().requestId() + ")";
    }

    private static String reason(DiscardedBatch batch) {
        DiscardedBatch.Response last = batch.response();
        return last == null || last.description() == null ? "" : "; the last attempt: " + last.description();
    }

    @Override
    public void stuck(Shard shard, int lane, Thread thread) {
        LOG.error(
                "{} {} lane {}: a call on thread {} has passed its deadline, was interrupted and still runs; the lane"
                        + " waits until it returns{}",
                mapping,
                shard,
                lane,
                thread.getName(),
                FaultText.lines(thread.getStackTrace()));
    }

    @Override
    public void unstuck(Shard shard, int lane) {
        LOG.info("{} {} lane {}: the call past its deadline has returned", mapping, shard, lane);
    }

    @Override
    public void trimmed(Shard shard, Position next) {
        LOG.warn(
                "{} {}: records older than the stream keeps were not read in time and are gone; going on at {}",
                mapping,
                shard,
                next);
    }

    @Override
    public void unavailable(Shard shard, String reason) {
        LOG.warn("{} {} can't be read at present: {}", mapping, shard, reason);
    }

    @Override
    public void ended(Shard shard) {
        LOG.info("{} {} is closed and finished", mapping, shard);
    }

    @Override
    public void lost(Shard shard) {
        LOG.warn("{} {} was taken over by another process; stopped here", mapping, shard);
    }

    @Override
    public void leftRunning(Shard shard) {
        LOG.warn(
                "{} {} is left to another process while an invocation of it still runs: its records are delivered again there,"
                        + " perhaps before this invocation returns. A function timeout of less than 25 s avoids that",
                mapping,
                shard);
    }

    @Override
    public void crashed(Shard shard, Throwable fault) {
        LOG.error("{} {}: a fault in the engine; the shard starts again from its checkpoint", mapping, shard, fault);
    }
}
