package io.shardmill.spring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.spring.MappingReport.ShardReport;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shows in gauges how a mapping stands: each asks for its report when it is read. What is not known is not a number. */
final class MappingGauges {

    private final Supplier<MappingReport> report;

    MappingGauges(Supplier<MappingReport> report) {
        this.report = report;
    }

    /** @param tags those that all meters of the mapping have */
    void register(MeterRegistry registry, Tags tags) {
        Gauge.builder("shardmill.records.behind", () -> orNaN(report.get().recordsBehind()))
                .description("Records that are not finished, unread ones included; not a number if that is not known")
                .tags(tags)
                .register(registry);
        TimeGauge.builder(
                        "shardmill.oldest.record.age",
                        () -> orNaN(report.get().iteratorAgeMillis()),
                        TimeUnit.MILLISECONDS)
                .description("Age of the oldest record that is not finished; not a number if that is not known")
                .tags(tags)
                .register(registry);
        Gauge.builder("shardmill.lanes.stuck", () -> stuckLanes(report.get()))
                .description("Lanes whose invocation has passed its deadline and still runs")
                .tags(tags)
                .register(registry);
        Gauge.builder("shardmill.healthy", () -> isHealthy(report.get()) ? 1 : 0)
                .description("1, or 0 while the mapping takes the health down")
                .tags(tags)
                .register(registry);
    }

    private static double orNaN(@Nullable Long known) {
        return known == null ? Double.NaN : known;
    }

    private static long stuckLanes(MappingReport report) {
        return report.shards().values().stream()
                .mapToLong(MappingGauges::stuckLanes)
                .sum();
    }

    private static long stuckLanes(ShardReport shard) {
        return shard.lanes() == null
                ? 0
                : shard.lanes().values().stream()
                        .filter(lane -> lane.activity() == Activity.STUCK)
                        .count();
    }

    private static boolean isHealthy(MappingReport report) {
        return MappingsHealthIndicator.problems(report).isEmpty();
    }
}
