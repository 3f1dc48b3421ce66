package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;

/** Measures how long the shards of some replicas rest until others deliver them. */
final class TakeOver {

    private final Fleet fleet;
    private final List<String> replicas;
    private final List<String> shards;
    private final long lastDelivery;
    private final long begun = System.currentTimeMillis();

    /** To be made right before something happens to them. */
    TakeOver(Fleet fleet, List<ReplicaProcess> replicas) {
        this.fleet = fleet;
        this.replicas = replicas.stream().map(ReplicaProcess::name).toList();
        this.shards = fleet.audit().shardsOf(this.replicas);
        this.lastDelivery = fleet.audit().lastDelivery();
        assertThat(shards).as("shards of " + this.replicas).isNotEmpty();
    }

    List<String> shards() {
        return shards;
    }

    private Map<String, Long> first() {
        return fleet.audit().firstOfOthers(replicas, lastDelivery);
    }

    /** Waits until others have delivered each shard. */
    TakeOver await() {
        fleet.awaitThat(
                "others deliver the shards of " + replicas,
                () -> assertThat(first().keySet()).containsAll(shards));
        return this;
    }

    private LongSummaryStatistics millis() {
        Map<String, Long> first = first();
        return shards.stream().mapToLong(shard -> first.get(shard) - begun).summaryStatistics();
    }

    Duration slowest() {
        return Duration.ofMillis(millis().getMax());
    }

    @Override
    public String toString() {
        LongSummaryStatistics millis = millis();
        return "%d shards of %s were delivered by others after %d to %d ms"
                .formatted(shards.size(), String.join(" and ", replicas), millis.getMin(), millis.getMax());
    }
}
