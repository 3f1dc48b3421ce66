package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.MappingConfiguration;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MappingReportTest {

    @Test
    void the_position_of_a_shard_that_a_process_with_another_database_has_is_not_shown() {
        MappingReport report = report(
                shard("orders-0", ShardActivity.CONSUMED_ELSEWHERE, null),
                shard("orders-1", ShardActivity.CONSUMED_ELSEWHERE, "another"),
                shard("orders-2", ShardActivity.NOT_RUNNING, null));

        assertThat(report.shards().get("orders-0").position()).isNull();
        assertThat(report.shards().get("orders-1").position()).isEqualTo("TRIM_HORIZON");
        assertThat(report.shards().get("orders-2").position()).isEqualTo("TRIM_HORIZON");
        assertThat(report.consumerGroup()).isEqualTo("shop.orders");
    }

    private static ShardProgress shard(String id, ShardActivity activity, @Nullable String owner) {
        return new ShardProgress(id, activity, Position.trimHorizon(), null, owner, null, null);
    }

    private static MappingReport report(ShardProgress... shards) {
        return MappingReport.of(new MappingStatus(
                new MappingConfiguration(
                        EventSourceMapping.of("orders", "orders"),
                        Origin.CONFIGURED,
                        MappingStatus.State.ENABLED,
                        Instant.EPOCH,
                        "OK"),
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                "shop.orders",
                List.of(shards)));
    }
}
