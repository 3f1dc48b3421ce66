package io.shardmill.poller.control;

import io.shardmill.function.Shard;
import io.shardmill.poller.monitoring.BatchAttempt;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.runtime.InvocationOutcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lambda's {@code LastProcessingResult} of a mapping (spec 1.2 and case 73). A function that returned has done its
 * part, whatever it reported; an invocation that failed or could not begin is a problem, and so is a source that
 * can't be read, for as long as that lasts. What is discarded says nothing. Thread-safe.
 */
final class LastProcessingResult implements ShardObserver {

    static final String NONE = "No records processed";
    static final String OK = "OK";
    static final String FAILED = "PROBLEM: Function call failed";

    private volatile String invocations = NONE;
    private volatile String stream = "";
    private final Map<String, String> shards = new ConcurrentHashMap<>();

    String text() {
        return stream.isEmpty() ? shards.values().stream().findFirst().orElse(invocations) : stream;
    }

    @Override
    public void attempted(BatchAttempt attempt) {
        InvocationOutcome outcome = attempt.outcome();
        invocations = outcome.reachedFunction() && outcome.functionError() == null ? OK : FAILED;
    }

    @Override
    public void polled(Shard shard, int records) {
        if (!shards.isEmpty()) {
            shards.remove(shard.id());
        }
    }

    @Override
    public void unavailable(Shard shard, String reason) {
        shards.put(shard.id(), reason);
    }

    /** The stream can't be asked; none of its shards can. */
    void streamUnavailable(String reason) {
        stream = reason;
    }

    void streamAvailable() {
        stream = "";
    }

    /** No shard is read any more. */
    void stopped() {
        shards.clear();
    }
}
