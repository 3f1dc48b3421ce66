package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.ForwardingMappingStore;
import io.shardmill.poller.testkit.ForwardingStore;
import io.shardmill.poller.testkit.RealEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mappings can be described and listed while the database hangs. */
class HangingStoreTest {

    private static final EventSourceMapping ORDERS = EventSourceMapping.of("orders", "orders");

    private final InMemoryCheckpointStore rows = new InMemoryCheckpointStore();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final RealEngine world = new RealEngine(4, new HangingRows(), new HangingMappings());
    private final FakeStream stream = world.stream("orders", 1);

    private void pass() {
        if (gate.getCount() > 0) {
            hanging.countDown();
        }
        boolean interrupted = false;
        while (true) {
            try {
                gate.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class HangingRows extends ForwardingStore {

        HangingRows() {
            super(rows);
        }

        @Override
        public List<CheckpointRow> load(MappingKey key) {
            pass();
            return super.load(key);
        }
    }

    private final class HangingMappings extends ForwardingMappingStore {

        HangingMappings() {
            super(new InMemoryMappingStore(rows));
        }

        @Override
        public Optional<StoredMapping> find(String namespace, String name) {
            pass();
            return super.find(namespace, name);
        }
    }

    @BeforeEach
    void start() {
        world.function("orders", batch -> Result.success());
        world.start(ORDERS);
        stream.put("1");
        assertThat(world.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();
    }

    @AfterEach
    void close() {
        gate.countDown();
        world.close();
    }

    private void hang() throws InterruptedException {
        gate = new CountDownLatch(1);
        stream.split("shardId-000000000000"); // begins a pass
        assertThat(hanging.await(1, TimeUnit.MINUTES)).isTrue();
    }

    private MappingStatus described() throws Exception {
        return world.mappings().describe("orders").get(1, TimeUnit.MINUTES);
    }

    @Test
    void a_mapping_is_described_with_its_shards_and_since_when_the_database_fails() throws Exception {
        Instant before = Instant.now();
        hang();
        assertThat(described().shards())
                .singleElement()
                .satisfies(shard -> assertThat(shard.activity()).isEqualTo(ShardActivity.CONSUMING));
        Awaitility.await().until(() -> described().storeFailingSince() != null);

        MappingStatus status = described();
        assertThat(status.storeFailingSince()).isBetween(before.minusMillis(1), Instant.now());
        assertThat(status.problem()).contains("does not answer");
        assertThat(status.asOf()).isBefore(status.storeFailingSince().plusMillis(1));
        assertThat(status.state()).isEqualTo(State.ENABLED);
        assertThat(gate.getCount()).isEqualTo(1);

        gate.countDown();
        Awaitility.await()
                .until(() -> described().storeFailingSince() == null
                        && described().shards().size() == 3);
        assertThat(described().problem()).isNull();
    }

    @Test
    void a_mapping_is_found_and_listed_while_a_change_of_it_waits_for_the_database() throws Exception {
        hang();
        CompletableFuture<Void> paused = CompletableFuture.runAsync(
                () -> world.mappings().pause("orders").join());

        assertThat(world.mappings().get("orders").state()).isEqualTo(State.ENABLED);
        assertThat(world.mappings().list()).hasSize(1);
        assertThat(world.mappings().names()).containsExactly("orders");
        assertThat(described().state()).isEqualTo(State.ENABLED);
        assertThat(paused).isNotDone();

        gate.countDown();
        paused.get(1, TimeUnit.MINUTES);
        assertThat(described().state()).isEqualTo(State.DISABLED);
    }
}
