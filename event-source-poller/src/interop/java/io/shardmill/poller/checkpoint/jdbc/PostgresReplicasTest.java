package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.checkpoint.ShardOwnership;
import io.shardmill.poller.control.Engine;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.EngineSettings;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.runtime.BatchFunction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Engines on real threads that share the shards of a stream through a PostgreSQL server. */
class PostgresReplicasTest {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    private static final int SHARDS = 12;
    private static final String NAMESPACE = "test";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final FakeStream stream = new FakeStream("orders", SHARDS, InstantSource.system());
    private final Map<String, List<Integer>> delivered = new ConcurrentHashMap<>();
    private final Map<String, String> atWork = new ConcurrentHashMap<>();
    private final List<String> overlaps = Collections.synchronizedList(new ArrayList<>());
    private final List<Process> processes = new ArrayList<>();
    private int puts;

    /** A replica, and its way to the database, which can be cut. */
    private final class Process extends DelegatingDataSource {

        private final String name;
        private final Engine engine;
        private volatile boolean isCut;

        Process(String name) {
            super(POSTGRES.dataSource());
            this.name = name;
            this.engine = new Engine(
                    EngineSettings.defaults(NAMESPACE),
                    new EngineDependencies(
                            unused -> Optional.of(stream),
                            unused -> new Handler(PostgresReplicasTest.this, this),
                            new Destinations(Map.of(), List.of()),
                            new EngineStores(
                                    new JdbcCheckpointStore(this),
                                    new JdbcMappingStore(this),
                                    new MemberStores(new JdbcMemberStore(this), new JdbcMemberStore(this)),
                                    null),
                            InstantSource.system()),
                    Engine.Customizations.none());
            processes.add(this);
            engine.mappings()
                    .start(
                            EventSourceMapping.of("orders", "orders")
                                    .with(Batching.defaults().withBatchSize(2)),
                            StartOptions.FROM_CHECKPOINTS);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (isCut) {
                throw new SQLException(name + " is cut off");
            }
            return super.getConnection();
        }
    }

    private record Handler(PostgresReplicasTest test, Process process) implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) throws InterruptedException {
            return test.deliver(process, batch);
        }

        @Override
        public boolean reportsItemFailures() {
            return false;
        }
    }

    private Result deliver(Process process, List<Record> batch) throws InterruptedException {
        String shard = batch.get(0).shard().id();
        String other = atWork.put(shard, process.name);
        if (other != null) {
            overlaps.add(shard + " by " + other + " and " + process.name);
        }
        Thread.sleep(20); // what a handler takes
        batch.forEach(record -> delivered
                .computeIfAbsent(shard, missing -> Collections.synchronizedList(new ArrayList<>()))
                .add(Integer.valueOf(record.text())));
        atWork.remove(shard);
        return Result.success();
    }

    @AfterEach
    void close() {
        processes.forEach(process -> process.engine.close());
    }

    private void put(int rounds) {
        for (int round = 0; round < rounds; round++) {
            int number = puts++;
            stream.shardIds().forEach(shard -> stream.put(shard, shard, String.valueOf(number)));
        }
    }

    /** How many shards each living replica owns. */
    private List<Long> load() {
        JdbcCheckpointStore store = new JdbcCheckpointStore(POSTGRES.dataSource());
        List<ShardOwnership> shards = store.unfinished(NAMESPACE);
        return new JdbcMemberStore(POSTGRES.dataSource())
                .members(NAMESPACE).stream()
                        .map(MemberRow::id)
                        .map(id -> shards.stream()
                                .filter(shard -> id.equals(shard.owner()))
                                .count())
                        .toList();
    }

    private void awaitLoad(Long... shards) {
        await().atMost(SOON).untilAsserted(() -> assertThat(load()).containsExactlyInAnyOrder(shards));
    }

    private void awaitAll() {
        await().atMost(SOON).untilAsserted(() -> assertThat(delivered.values().stream()
                        .collect(Collectors.summingInt(numbers -> Math.min(puts, numbers.size()))))
                .isEqualTo(SHARDS * puts));
    }

    @Test
    void joins_and_stops_under_load_deliver_everything_once_and_in_order() {
        Process one = new Process("one");
        put(20);
        awaitLoad(12L);
        new Process("two");
        put(100);
        awaitLoad(6L, 6L);
        new Process("three");
        put(100);
        awaitLoad(4L, 4L, 4L);
        put(100);
        one.engine.close();
        put(20);
        awaitLoad(6L, 6L);
        new Process("four");
        put(100);
        awaitLoad(4L, 4L, 4L);
        awaitAll();

        assertThat(overlaps).isEmpty();
        assertThat(delivered.values()).hasSize(SHARDS).allSatisfy(numbers -> assertThat(numbers)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(puts));
    }

    @Test
    void a_replica_that_is_drained_under_load_hands_its_shards_over_and_nothing_comes_twice() {
        Process one = new Process("one");
        new Process("two");
        awaitLoad(6L, 6L);
        put(50);
        ReplicaGroup group = one.engine.mappings().replicas().orElseThrow();
        assertThat(group.drain()).succeedsWithin(SOON);
        put(50);
        awaitLoad(0L, 12L);
        put(50);
        assertThat(group.resume()).succeedsWithin(SOON);
        awaitLoad(6L, 6L);
        put(50);
        awaitAll();

        assertThat(overlaps).isEmpty();
        assertThat(delivered.values()).hasSize(SHARDS).allSatisfy(numbers -> assertThat(numbers)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(puts));
    }

    @Test
    void a_replica_that_is_cut_off_starts_nothing_while_others_have_its_shards() {
        new Process("one");
        Process two = new Process("two");
        awaitLoad(6L, 6L);
        put(10);
        awaitAll();
        two.isCut = true;
        put(10);
        awaitLoad(12L);
        put(10);
        awaitAll();
        assertThat(overlaps).isEmpty();

        two.isCut = false;
        awaitLoad(6L, 6L);
        put(10);
        awaitAll();
        assertThat(overlaps).isEmpty();
        assertThat(delivered.values()).allSatisfy(numbers -> assertThat(List.copyOf(new LinkedHashSet<>(numbers)))
                .as("order of first deliveries")
                .isSorted()
                .hasSize(puts));
    }
}
