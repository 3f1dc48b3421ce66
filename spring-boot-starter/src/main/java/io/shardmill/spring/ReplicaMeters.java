package io.shardmill.spring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.control.Mappings;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Shows in gauges how this replica stands among all; none where there can be no other replicas. */
final class ReplicaMeters implements SmartInitializingSingleton {

    private final MeterRegistry registry;
    private final ObjectProvider<Mappings> mappings;

    ReplicaMeters(MeterRegistry registry, ObjectProvider<Mappings> mappings) {
        this.registry = registry;
        this.mappings = mappings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        mappings.ifAvailable(all -> all.replicas().ifPresent(this::register));
    }

    private void register(ReplicaGroup group) {
        Gauge.builder("shardmill.replicas", () -> group.status().members().size())
                .description("Living replicas, as this one has seen them last")
                .register(registry);
        Gauge.builder("shardmill.replica.shards", () -> group.status().shards())
                .description("Unfinished shards that this replica owns, of all mappings")
                .register(registry);
        Gauge.builder("shardmill.replica.draining", () -> group.status().isDraining() ? 1 : 0)
                .description("1 while this replica is to have no shards")
                .register(registry);
        TimeGauge.builder(
                        "shardmill.replica.heartbeat.age",
                        () -> group.status().heartbeatAgeMillis(),
                        TimeUnit.MILLISECONDS)
                .description("How long ago the last heartbeat of this replica that succeeded was sent")
                .register(registry);
    }
}
