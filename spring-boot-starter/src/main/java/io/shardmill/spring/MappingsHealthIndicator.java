package io.shardmill.spring;

import io.shardmill.poller.assignment.ReplicaStatus;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.spring.MappingReport.ShardReport;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * DOWN when a mapping can't do what it should and will not by itself: a stream or a store that can't be
 * reached, a shard that can't be read or was taken over, a lane that is stuck, a batch that Shardmill has no memory to
 * hand over; and when this replica invokes nothing, because the other replicas may have taken it for dead. A paused mapping is as somebody wants it, a batch that is retried is ordinary failure handling, and batches
 * that wait for memory are back-pressure: these are UP, and shown.
 */
final class MappingsHealthIndicator extends AbstractHealthIndicator {

    private final Mappings mappings;
    private final MappingReports reports;

    MappingsHealthIndicator(Mappings mappings) {
        super("The mappings' health could not be found out");
        this.mappings = mappings;
        this.reports = new MappingReports(mappings);
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        reports.all().forEach((name, report) -> {
            Map<String, Object> problems = problems(report);
            builder.withDetail(
                    EventSourceMapping.label(name, report.function()), problems.isEmpty() ? words(report) : problems);
            if (!problems.isEmpty()) {
                builder.down();
            }
        });
        mappings.replicas().ifPresent(group -> check(group.status(), builder));
    }

    static void check(ReplicaStatus replica, Health.Builder builder) {
        if (replica.isFencedOff()) {
            builder.down()
                    .withDetail(
                            "this replica",
                            "Fenced off: no heartbeat of it has succeeded for " + replica.heartbeatAgeMillis()
                                    + " ms. It invokes nothing until one does, and other replicas take over its shards");
        } else if (replica.isDraining()) {
            builder.withDetail("this replica", "draining");
        }
    }

    private static String words(MappingReport report) {
        String state = report.state() == State.DISABLED
                ? "paused"
                : report.state().toString().toLowerCase(Locale.ROOT);
        long waiting = report.shards().values().stream()
                .filter(MappingsHealthIndicator::waitsForMemory)
                .count();
        return waiting == 0 ? state : state + ", batches of " + waiting + " shards wait for memory";
    }

    private static boolean waitsForMemory(ShardReport shard) {
        return shard.lanes() != null
                && shard.lanes().values().stream().anyMatch(lane -> lane.activity() == Activity.WAITING_FOR_MEMORY);
    }

    static Map<String, Object> problems(MappingReport report) {
        Map<String, Object> problems = new TreeMap<>();
        if (report.problem() != null) {
            problems.put("problem", report.problem());
        }
        if (report.storeFailingSince() != null) {
            problems.put("storeFailingSince", report.storeFailingSince().toString());
        }
        report.shards().forEach((id, shard) -> {
            if (shard.problem() != null) {
                problems.put(id, shard.problem());
            }
            String stuck = stuckLanes(shard);
            if (!stuck.isEmpty()) {
                problems.merge(id, stuck, (problem, lanes) -> problem + "; " + lanes);
            }
        });
        return problems;
    }

    private static String stuckLanes(ShardReport shard) {
        if (shard.lanes() == null) {
            return "";
        }
        StringBuilder stuck = new StringBuilder();
        shard.lanes().forEach((number, lane) -> {
            if (lane.activity() == Activity.STUCK) {
                stuck.append(stuck.isEmpty() ? "" : "; ")
                        .append("lane ")
                        .append(number)
                        .append(" is stuck");
                if (lane.stuckAt() != null) {
                    stuck.append(" in ").append(lane.stuckAt());
                }
            }
        });
        return stuck.toString();
    }
}
