package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.control.MappingSnapshot.ShardRow;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.internal.reconcile.Phase;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.internal.shard.ShardConsumer;
import io.shardmill.poller.monitoring.ShardStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** Asks the consumers of a snapshot how they are, which never block, and puts it together with the rest. Thread-safe. */
final class StatusCollector {

    /** A consumer that has not answered by then is described by its row. */
    private static final long ANSWER_MILLIS = 250;

    private final MappingSnapshot snapshot;
    private final Map<String, ShardStatus> answers = new ConcurrentHashMap<>();

    StatusCollector(MappingSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** Completes at once, or when the consumers have answered, on one of their threads. */
    CompletableFuture<List<ShardProgress>> collect(EnginePorts engine) {
        CompletableFuture<List<ShardProgress>> collected = new CompletableFuture<>();
        Map<String, ShardConsumer> consumers = snapshot.consumers().byShard();
        try {
            consumers.forEach((shard, consumer) -> consumer.describe(status -> {
                answers.put(shard, status);
                if (answers.size() == consumers.size()) {
                    collected.complete(shards());
                }
            }));
            if (consumers.isEmpty()) {
                collected.complete(shards());
            } else if (!collected.isDone()) {
                engine.timer().at(engine.clock().millis() + ANSWER_MILLIS, () -> collected.complete(shards()));
            }
        } catch (RejectedExecutionException closed) {
            collected.complete(shards());
        }
        return collected;
    }

    private List<ShardProgress> shards() {
        return snapshot.shards().stream().map(this::progress).toList();
    }

    private ShardProgress progress(ShardRow row) {
        ShardStatus consumer = answers.get(row.shard());
        return new ShardProgress(
                row.shard(),
                activity(row, consumer != null),
                consumer == null ? row.position() : consumer.position(),
                consumer == null ? row.window() : consumer.window(),
                snapshot.consumers().elsewhere().get(row.shard()),
                snapshot.consumers().holdings().get(row.shard()),
                consumer);
    }

    private ShardActivity activity(ShardRow row, boolean hasAnswered) {
        if (row.state() == ShardState.ENDED) {
            return ShardActivity.ENDED;
        }
        if (row.state() == ShardState.SKIPPED) {
            return ShardActivity.SKIPPED;
        }
        if (snapshot.consumers().elsewhere().containsKey(row.shard())) {
            return ShardActivity.CONSUMED_ELSEWHERE;
        }
        if (hasAnswered || snapshot.consumers().byShard().containsKey(row.shard())) {
            return ShardActivity.CONSUMING;
        }
        boolean isEnabled = snapshot.applied().enabled() && snapshot.phase().settled() instanceof Phase.Running;
        if (isEnabled && snapshot.consumers().assignedElsewhere().contains(row.shard())) {
            return ShardActivity.CONSUMED_ELSEWHERE;
        }
        return isEnabled && waitsForParents(row) ? ShardActivity.WAITING_FOR_PARENTS : ShardActivity.NOT_RUNNING;
    }

    private boolean waitsForParents(ShardRow row) {
        return snapshot.shards().stream()
                .anyMatch(other -> row.parents().contains(other.shard()) && other.state() == ShardState.READING);
    }
}
