package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The contract of {@link FakeKinesisSourceTest} with subscriptions. */
class FakeSubscribedSourceTest extends FakeKinesisSourceTest {

    @Override
    KinesisStream stream() {
        return super.stream().withConsumer("billing");
    }

    /** Connections end meanwhile: idle ones after ten seconds, and all after five minutes. */
    @Test
    void a_reader_that_is_not_read_holds_one_event_however_long() {
        String shard = source().describe().shards().get(0).id();
        try (ShardReader reader = source().open(shard, Position.trimHorizon(), () -> {})) {
            reader.read(1, 1);
            for (int record = 0; record < 20; record++) {
                put(shard, "1");
                advance(Duration.ofMinutes(1));
            }
            assertThat(reader.read(10_000, 1 << 20))
                    .isInstanceOfSatisfying(
                            ReadResult.Records.class,
                            held -> assertThat(held.records()).hasSize(1));
        }
    }
}
