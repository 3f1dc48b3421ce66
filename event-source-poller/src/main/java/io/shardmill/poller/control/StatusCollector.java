package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.shard.ShardConsumer;
import io.shardmill.poller.shard.ShardStatus;
import io.shardmill.poller.shard.WindowStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks all consumers of a mapping for their status and puts it together with the rows. Touched only inside the mapping's turns. */
final class StatusCollector {

    private final MappingConfiguration configuration;
    private final @Nullable String problem;
    private final List<CheckpointRow> rows;
    private final CompletableFuture<MappingStatus> described;
    private final Map<String, ShardStatus> answers = new TreeMap<>();

    StatusCollector(
            MappingConfiguration configuration,
            @Nullable String problem,
            List<CheckpointRow> rows,
            CompletableFuture<MappingStatus> described) {
        this.configuration = configuration;
        this.problem = problem;
        this.rows = rows;
        this.described = described;
    }

    void collect(Map<String, ShardConsumer> running, Consumer<Runnable> post) {
        if (running.isEmpty()) {
            complete();
        }
        running.forEach((shard, consumer) -> consumer.describe(status -> post.accept(() -> {
            answers.put(shard, status);
            if (answers.size() == running.size()) {
                complete();
            }
        })));
    }

    private void complete() {
        described.complete(new MappingStatus(
                configuration, problem, rows.stream().map(this::progress).toList()));
    }

    private ShardProgress progress(CheckpointRow row) {
        ShardStatus consumer = answers.get(row.shard());
        return new ShardProgress(
                row.shard(),
                activity(row, consumer),
                consumer == null ? row.position() : consumer.position(),
                consumer == null ? WindowStatus.of(row.progress().window()) : consumer.window(),
                consumer);
    }

    private ShardActivity activity(CheckpointRow row, @Nullable ShardStatus consumer) {
        if (row.state() == ShardState.ENDED) {
            return ShardActivity.ENDED;
        }
        if (row.state() == ShardState.SKIPPED) {
            return ShardActivity.SKIPPED;
        }
        if (consumer != null) {
            return ShardActivity.CONSUMING;
        }
        return configuration.state() == State.ENABLED && waitsForParents(row)
                ? ShardActivity.WAITING_FOR_PARENTS
                : ShardActivity.NOT_RUNNING;
    }

    private boolean waitsForParents(CheckpointRow row) {
        return rows.stream()
                .anyMatch(other -> row.parents().contains(other.shard()) && other.state() == ShardState.READING);
    }
}
