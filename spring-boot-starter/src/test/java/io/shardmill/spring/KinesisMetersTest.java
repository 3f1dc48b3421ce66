package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shardmill.function.Shard;
import org.junit.jupiter.api.Test;

class KinesisMetersTest {

    private static final Shard PARENT = new Shard("orders", "shardId-000000000000");
    private static final Shard CHILD = new Shard("orders", "shardId-000000000001");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KinesisMeters meters = new KinesisMeters(registry);

    @Test
    void a_shard_that_has_ended_has_no_meters() {
        meters.read(PARENT, 3, 30, 0);
        meters.read(CHILD, 3, 30, 0);
        meters.ended(PARENT);

        assertThat(registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getTag("shard")).isEqualTo(CHILD.id()));
    }
}
