package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Describes what a stop waits for. */
final class RunningCalls {

    private static final Set<Activity> RUNNING = EnumSet.of(Activity.INVOKING, Activity.SENDING, Activity.STUCK);

    private RunningCalls() {}

    /** Describes the mappings with their calls, such as {@code mapping 'a' (function 'f': orders/shard-1 lane 0 INVOKING)}. */
    static String of(List<ManagedMapping> mappings) {
        return mappings.stream().map(mapping -> of(mapping.describe().join())).collect(Collectors.joining(", "));
    }

    private static String of(MappingStatus mapping) {
        StringJoiner calls = new StringJoiner(", ");
        for (ShardProgress shard : mapping.shards()) {
            ShardStatus consumer = shard.consumer();
            if (consumer != null) {
                for (LaneStatus lane : consumer.lanes()) {
                    if (RUNNING.contains(lane.activity())) {
                        calls.add(shard.shard() + " lane " + lane.lane() + " " + lane.activity());
                    }
                }
            }
        }
        return "mapping '" + mapping.mapping().name() + "' (function '"
                + mapping.mapping().function() + "'"
                + (calls.length() == 0 ? ", whose last checkpoints are not saved)" : ": " + calls + ")");
    }
}
