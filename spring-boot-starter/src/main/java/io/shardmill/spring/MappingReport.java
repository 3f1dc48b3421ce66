package io.shardmill.spring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import io.shardmill.poller.monitoring.WindowStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mapping as the endpoint shows it.
 *
 * @param uuid what Lambda's interfaces know it by
 * @param origin whether it is configured, or was created at run time and is stored
 * @param state Lambda's state of the mapping
 * @param lastProcessingResult Lambda's, since the start of this process
 * @param asOf when the mapping was looked at last; its shards are as they are now
 * @param problem why it can't do all it should; left out if it can
 * @param storeFailingSince since when the checkpoint store fails or doesn't answer; left out if it works
 * @param iteratorAgeMillis how far behind its slowest shard is
 * @param shards by shard id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MappingReport(
        UUID uuid,
        String stream,
        String function,
        Origin origin,
        MappingStatus.State state,
        String lastProcessingResult,
        Instant asOf,
        @Nullable String problem,
        @Nullable Instant storeFailingSince,
        long iteratorAgeMillis,
        Map<String, ShardReport> shards) {

    /**
     * A shard.
     *
     * @param position where reading goes on after a restart
     * @param iteratorAgeMillis the age of the oldest record that is not finished; 0 when caught up
     * @param window its open tumbling window; left out without one
     * @param lanes those that have something to do, by number
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ShardReport(
            MappingStatus.ShardActivity activity,
            String position,
            @Nullable Long iteratorAgeMillis,
            @Nullable Boolean caughtUp,
            @Nullable String problem,
            @Nullable WindowStatus window,
            @Nullable Map<Integer, LaneReport> lanes) {}

    /**
     * A lane.
     *
     * @param unfinished records read and not finished
     * @param attempt which try of its batch is in progress or was the last
     * @param lastError what came of the last failed attempt
     * @param nextAttempt when it is tried again
     * @param stack where a stuck invocation hangs
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LaneReport(
            Activity activity,
            int unfinished,
            int attempt,
            @Nullable String lastError,
            @Nullable Instant nextAttempt,
            List<String> stack) {}

    static MappingReport of(MappingStatus status) {
        Map<String, ShardReport> shards = new LinkedHashMap<>();
        status.shards().forEach(shard -> shards.put(shard.shard(), shard(shard)));
        return new MappingReport(
                status.configuration().uuid(),
                status.mapping().stream(),
                status.mapping().function(),
                status.configuration().origin(),
                status.state(),
                status.configuration().lastProcessingResult(),
                status.asOf(),
                status.problem(),
                status.storeFailingSince(),
                shards.values().stream()
                        .map(ShardReport::iteratorAgeMillis)
                        .mapToLong(age -> age == null ? 0 : age)
                        .max()
                        .orElse(0),
                shards);
    }

    private static ShardReport shard(ShardProgress shard) {
        ShardStatus consumer = shard.consumer();
        return consumer == null
                ? new ShardReport(shard.activity(), shard.position().toString(), null, null, null, shard.window(), null)
                : new ShardReport(
                        shard.activity(),
                        shard.position().toString(),
                        consumer.iteratorAgeMillis(),
                        consumer.caughtUp(),
                        consumer.problem(),
                        shard.window(),
                        lanes(consumer));
    }

    private static Map<Integer, LaneReport> lanes(ShardStatus consumer) {
        Map<Integer, LaneReport> lanes = new LinkedHashMap<>();
        for (LaneStatus lane : consumer.lanes()) {
            if (lane.activity() != Activity.IDLE || lane.unfinished() > 0) {
                lanes.put(
                        lane.lane(),
                        new LaneReport(
                                lane.activity(),
                                lane.unfinished(),
                                lane.attempt(),
                                lane.lastError(),
                                lane.nextAttempt(),
                                lane.stack()));
            }
        }
        return lanes;
    }
}
