package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.assignment.ReplicaStatus;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.spring.MappingReport.LaneReport;
import io.shardmill.spring.MappingReport.ShardReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class MappingsHealthIndicatorTest {

    private static Health health(long heartbeatAgeMillis, boolean isFencedOff, boolean isDraining) {
        Health.Builder builder = Health.up();
        MappingsHealthIndicator.check(
                new ReplicaStatus("one", heartbeatAgeMillis, isFencedOff, isDraining, 10L, List.of()), builder);
        return builder.build();
    }

    @Test
    void a_replica_is_down_while_it_is_fenced_off() {
        Health fencedOff = health(5_100, true, false);
        assertThat(fencedOff.getStatus()).isEqualTo(Status.DOWN);
        assertThat(fencedOff.getDetails().get("this replica"))
                .asString()
                .contains("no heartbeat of it has succeeded for 5100 ms");
        assertThat(health(20, false, false)).isEqualTo(Health.up().build());
    }

    @Test
    void a_replica_that_is_drained_is_as_somebody_wants_it() {
        assertThat(health(20, false, true))
                .isEqualTo(Health.up().withDetail("this replica", "draining").build());
    }

    @Test
    void a_shard_that_can_not_be_read_and_has_a_stuck_lane_shows_both() {
        LaneReport stuck = new LaneReport(
                Activity.STUCK,
                null,
                1,
                1,
                null,
                null,
                null,
                "Orders.store(Orders.java:7)",
                List.of("java.base/java.lang.Thread.sleep(Native Method)", "Orders.store(Orders.java:7)"));
        ShardReport shard = new ShardReport(
                MappingStatus.ShardActivity.CONSUMING,
                null,
                null,
                null,
                null,
                "7",
                null,
                null,
                null,
                1L,
                false,
                "can't be read",
                null,
                Map.of(2, stuck));
        MappingReport report = new MappingReport(
                new UUID(0, 0),
                "orders",
                null,
                "store",
                Origin.CONFIGURED,
                MappingStatus.State.ENABLED,
                "OK",
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of("shard-0", shard));

        assertThat(MappingsHealthIndicator.problems(report))
                .containsExactly(Map.entry("shard-0", "can't be read; lane 2 is stuck in Orders.store(Orders.java:7)"));
    }
}
