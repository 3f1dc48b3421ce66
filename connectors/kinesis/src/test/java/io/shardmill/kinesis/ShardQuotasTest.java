package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShardQuotasTest {

    private static final String ORDERS = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

    private final ShardQuotas quotas = new ShardQuotas();

    private ShardQuota quota(String stream, String shard) {
        return quotas.of(stream, shard, Polling.defaults());
    }

    @Test
    void readers_of_a_shard_take_turns_by_whatever_name_they_read_it() {
        ShardQuota one = quota(ORDERS, "shard-0");
        ShardQuota another = quota(ORDERS, "shard-0");

        assertThat(one.take(0)).isZero();
        assertThat(another.take(0)).isEqualTo(200);
        assertThat(one.take(0)).isEqualTo(400);
        one.spend(4_000_000, 400);
        assertThat(another.take(400)).isEqualTo(2_400);
    }

    @Test
    void other_shards_streams_and_limits_have_quotas_of_their_own() {
        ShardQuota quota = quota(ORDERS, "shard-0");

        assertThat(quota(ORDERS, "shard-1")).isNotSameAs(quota);
        assertThat(quota(ORDERS + "-2", "shard-0")).isNotSameAs(quota);
        assertThat(quotas.of(ORDERS, "shard-0", new Polling(Duration.ZERO, Duration.ofSeconds(1), 1, 1_000)))
                .isNotSameAs(quota);
    }
}
