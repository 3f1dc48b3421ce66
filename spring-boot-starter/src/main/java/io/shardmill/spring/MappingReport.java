package io.shardmill.spring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.control.MappingStatus.ShardHolding;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.monitoring.LastFailure;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import io.shardmill.poller.monitoring.WindowStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A mapping as the endpoint shows it.
 *
 * @param uuid what Lambda's interfaces know it by
 * @param consumerGroup in which it reads a topic of Kafka; left out of other streams
 * @param origin whether it is configured, or was created at run time and is stored
 * @param state Lambda's state of the mapping
 * @param lastProcessingResult Lambda's, since the start of this process
 * @param asOf when the mapping was looked at last; its shards are as they are now
 * @param problem why it can't do all it should; left out if it can
 * @param storeFailingSince since when the checkpoint store fails or doesn't answer; left out if it works
 * @param iteratorAgeMillis how far behind its slowest shard is; left out if no shard knows
 * @param recordsBehind how many records of the shards that are consumed are not finished; left out if one doesn't know
 * @param millisBehindLatest how far behind its newest record the slowest shard is read; left out if no shard knows
 * @param lastFailure what failed last since the start of this process, also if its batch is done; left out if nothing did
 * @param movingFrom the kind of stream that is read to its end before this one, whose shards are shown; left out otherwise
 * @param shards by shard id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MappingReport(
        UUID uuid,
        String stream,
        @Nullable String consumerGroup,
        String function,
        Origin origin,
        MappingStatus.State state,
        String lastProcessingResult,
        Instant asOf,
        @Nullable String problem,
        @Nullable Instant storeFailingSince,
        @Nullable Long iteratorAgeMillis,
        @Nullable Long recordsBehind,
        @Nullable Long millisBehindLatest,
        @Nullable LastFailure lastFailure,
        @Nullable String movingFrom,
        Map<String, ShardReport> shards) {

    /**
     * A shard.
     *
     * @param owner the process that consumes it; left out unless it is another one, which uses the same database
     * @param consumedSince since when this process consumes it; left out if it does not
     * @param acquired how this process came to it; left out if there can be no other processes
     * @param previousOwner the process that had it before; left out if that is not known, or is this one
     * @param position where reading resumes after a restart; left out if a process with another database consumes it
     * @param iteratorAgeMillis the age of the oldest record that is not finished; 0 when caught up; left out if it is not known
     * @param recordsBehind how many records are not finished, those of the open window not counted; left out if the shard is not
     *     consumed, or the stream doesn't know
     * @param millisBehindLatest how far behind its newest record it is read; left out unless the stream is one of Kinesis
     * @param recordsWaiting how many of them are read
     * @param caughtUp whether nothing is left
     * @param window its open tumbling window; left out without one
     * @param lanes those that have something to do, by number
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ShardReport(
            MappingStatus.ShardActivity activity,
            @Nullable String owner,
            @Nullable Instant consumedSince,
            Acquisition.@Nullable Kind acquired,
            @Nullable String previousOwner,
            @Nullable String position,
            @Nullable Long iteratorAgeMillis,
            @Nullable Long recordsBehind,
            @Nullable Long millisBehindLatest,
            @Nullable Long recordsWaiting,
            @Nullable Boolean caughtUp,
            @Nullable String problem,
            @Nullable WindowStatus window,
            @Nullable Map<Integer, LaneReport> lanes) {}

    /**
     * A lane.
     *
     * @param since when it began to do that, a stuck one to run
     * @param unfinished records read and not finished
     * @param attempt which try of its batch is in progress or was the last
     * @param requestId of its batch's invocations, as the function's log has it
     * @param lastError what came of the last failed attempt
     * @param nextAttempt when it is tried again
     * @param stuckAt the line of the function's own code that a stuck invocation is in
     * @param stack where a stuck invocation hangs
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LaneReport(
            Activity activity,
            @Nullable Instant since,
            int unfinished,
            int attempt,
            @Nullable String requestId,
            @Nullable String lastError,
            @Nullable Instant nextAttempt,
            @Nullable String stuckAt,
            List<String> stack) {}

    static MappingReport of(MappingStatus status) {
        Map<String, ShardReport> shards = new LinkedHashMap<>();
        status.shards().forEach(shard -> shards.put(shard.shard(), shard(shard)));
        return new MappingReport(
                status.configuration().uuid(),
                status.mapping().stream(),
                status.group(),
                status.mapping().function(),
                status.configuration().origin(),
                status.state(),
                status.configuration().lastProcessingResult(),
                status.asOf(),
                status.problem(),
                status.storeFailingSince(),
                most(shards.values(), ShardReport::iteratorAgeMillis),
                recordsBehind(shards.values()),
                most(shards.values(), ShardReport::millisBehindLatest),
                status.lastFailure(),
                status.movingFrom(),
                shards);
    }

    private static @Nullable Long most(Collection<ShardReport> shards, Function<ShardReport, @Nullable Long> of) {
        Long most = null;
        for (ShardReport shard : shards) {
            Long value = of.apply(shard);
            most = value == null || (most != null && most >= value) ? most : value;
        }
        return most;
    }

    /** Adds up what the shards that are consumed know; null if one doesn't. */
    private static @Nullable Long recordsBehind(Collection<ShardReport> shards) {
        long sum = 0;
        boolean isConsuming = false;
        for (ShardReport shard : shards) {
            if (shard.activity() == MappingStatus.ShardActivity.CONSUMING) {
                if (shard.recordsBehind() == null) {
                    return null;
                }
                isConsuming = true;
                sum += shard.recordsBehind();
            }
        }
        return isConsuming ? sum : null;
    }

    private static ShardReport shard(ShardProgress shard) {
        ShardStatus consumer = shard.consumer();
        ShardHolding holding = shard.holding();
        Acquisition acquisition = holding == null ? null : holding.acquisition();
        return consumer == null
                ? new ShardReport(
                        shard.activity(),
                        shard.owner(),
                        holding == null ? null : holding.since(),
                        acquisition == null ? null : acquisition.kind(),
                        acquisition == null ? null : acquisition.from(),
                        isOfAnotherDatabase(shard) ? null : shard.position().toString(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        shard.window(),
                        null)
                : new ShardReport(
                        shard.activity(),
                        shard.owner(),
                        holding == null ? null : holding.since(),
                        acquisition == null ? null : acquisition.kind(),
                        acquisition == null ? null : acquisition.from(),
                        shard.position().toString(),
                        orNull(consumer.iteratorAgeMillis()),
                        orNull(consumer.recordsBehind()),
                        orNull(consumer.millisBehindLatest()),
                        consumer.recordsWaiting(),
                        consumer.caughtUp(),
                        consumer.problem(),
                        shard.window(),
                        lanes(consumer));
    }

    private static boolean isOfAnotherDatabase(ShardProgress shard) {
        return shard.activity() == MappingStatus.ShardActivity.CONSUMED_ELSEWHERE && shard.owner() == null;
    }

    private static @Nullable Long orNull(OptionalLong known) {
        return known.isPresent() ? (Long) known.getAsLong() : null;
    }

    private static Map<Integer, LaneReport> lanes(ShardStatus consumer) {
        Map<Integer, LaneReport> lanes = new LinkedHashMap<>();
        for (LaneStatus lane : consumer.lanes()) {
            if (lane.activity() != Activity.IDLE || lane.unfinished() > 0) {
                lanes.put(
                        lane.lane(),
                        new LaneReport(
                                lane.activity(),
                                lane.since(),
                                lane.unfinished(),
                                lane.attempt(),
                                lane.requestId(),
                                lane.lastError(),
                                lane.nextAttempt(),
                                lane.stuckAt(),
                                lane.stack()));
            }
        }
        return lanes;
    }
}
