package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.internal.shard.EngineMemory;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.internal.shard.Permits;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.FaultText;
import io.shardmill.runtime.FunctionInvoker;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What belongs to a mapping is given back when it ends. */
class ReleaseTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final World world = new World(1);

    private void create() {
        world.await(world.mappings().create(world.mapping(), true).settled());
        world.advance(SECOND);
    }

    // Ports.

    @Test
    void what_a_mapping_names_is_resolved_once_while_it_runs_and_given_back_when_it_is_deleted() {
        world.start();
        create();
        world.stream.put("1");
        world.advance(Duration.ofMinutes(5));
        assertThat(world.resolved()).containsExactly("orders");

        world.await(world.mappings().delete("orders").settled());
        assertThat(world.resolved()).isEmpty();
        assertThat(world.forgotten()).containsExactly("orders");
    }

    @Test
    void an_update_resolves_anew_and_a_pause_gives_back() {
        world.start(world.mapping());
        world.await(
                world.mappings().update(world.mapping().with(Batching.defaults().withBatchSize(1))));
        assertThat(world.resolved()).containsExactly("orders");

        world.await(world.mappings().pause("orders"));
        assertThat(world.resolved()).isEmpty();
        world.await(world.mappings().resume("orders"));
        assertThat(world.resolved()).containsExactly("orders");
        assertThat(world.forgotten()).isEmpty();
    }

    @Test
    void a_mapping_that_stops_gives_back_after_its_last_invocation_and_is_not_forgotten() {
        world.function.takes(invocation -> 10_000);
        world.stream.put("1");
        world.start(world.mapping());
        CompletableFuture<Void> closed = world.mappings().close();
        world.advance(SECOND);
        assertThat(world.resolved()).containsExactly("orders");

        world.await(closed);
        assertThat(world.resolved()).isEmpty();
        assertThat(world.forgotten()).isEmpty();
    }

    // Rows.

    @Test
    void rows_on_an_incarnation_of_the_stream_that_is_gone_are_deleted() {
        world.start(world.mapping());
        world.stream.put("1");
        world.advance(SECOND);
        world.stream.delete();
        world.advance(SECOND);
        assertThat(world.store().mappings(World.NAMESPACE)).containsExactly(key(1));

        world.stream.createAgain(1);
        world.stream.put("2");
        world.advance(SECOND);
        assertThat(world.store().mappings(World.NAMESPACE)).containsExactly(key(2));
        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void rows_on_an_incarnation_that_this_process_has_not_seen_may_be_another_instances_and_are_left() {
        world.start(world.mapping()).stop();
        world.stream.delete();
        world.stream.createAgain(1);
        world.start(world.mapping());

        assertThat(world.store().mappings(World.NAMESPACE)).containsExactlyInAnyOrder(key(1), key(2));
    }

    private static MappingKey key(int incarnation) {
        return new MappingKey(World.NAMESPACE, "orders", "orders", "incarnation-" + incarnation);
    }

    // Permits, threads and invokers.

    @Test
    void a_mappings_threads_are_given_back_when_its_last_call_has_returned() {
        try (EngineThreads threads = new EngineThreads(2, DaemonThreads.numbered("shardmill-"))) {
            MappingPermits permits = new MappingPermits(10, threads);
            int before = threads.pool().getMaximumPoolSize();
            Permits ofFirst = permits.give("first");
            Permits unused = permits.give("second");
            assertThat(threads.pool().getMaximumPoolSize()).isEqualTo(before + 24);

            assertThat(ofFirst.tryAcquire(() -> {})).isTrue();
            permits.takeBack("first");
            permits.takeBack("second");
            assertThat(threads.pool().getMaximumPoolSize()).isEqualTo(before + 12);
            ofFirst.release();
            assertThat(threads.pool().getMaximumPoolSize()).isEqualTo(before);
        }
    }

    private static InvocableFunction function() {
        return new InvocableFunction() {
            @Override
            public Answer invoke(Invocation invocation) {
                return Answer.of(Result.success());
            }

            @Override
            public boolean reportsItemFailures() {
                return false;
            }
        };
    }

    private static FunctionInvoker invoker(String name) {
        return new FunctionInvoker(
                name,
                function(),
                FunctionSettings.defaults(),
                new Deadlines(new ScheduledThreadPoolExecutor(0)),
                InvocationInterceptor.NONE);
    }

    @Test
    void what_a_process_gives_to_a_mapping_comes_back_when_it_is_released() {
        try (EngineThreads threads = new EngineThreads(2, DaemonThreads.numbered("shardmill-"))) {
            LocalResources resources = resources(threads);
            int before = threads.pool().getMaximumPoolSize();
            MappingPorts ports = resources.resolve(world.mapping());
            assertThat(ports.limits().permits().tryAcquire(() -> {})).isTrue();
            assertThat(threads.pool().getMaximumPoolSize()).isGreaterThan(before);

            resources.release(world.mapping());
            assertThat(threads.pool().getMaximumPoolSize()).isGreaterThan(before);
            ports.limits().permits().release();
            assertThat(threads.pool().getMaximumPoolSize()).isEqualTo(before);
        }
    }

    private LocalResources resources(EngineThreads threads) {
        InMemoryCheckpointStore rows = new InMemoryCheckpointStore();
        return new LocalResources(
                new EngineDependencies(
                        name -> Optional.of(world.stream),
                        name -> function(),
                        new Destinations(Map.of(), List.of()),
                        rows,
                        world.time),
                Engine.Customizations.none(),
                new Deadlines(new ScheduledThreadPoolExecutor(0)),
                new MappingPermits(10, threads),
                EngineMemory.ofHeap(1L << 32),
                FaultText.WITHOUT_PAYLOADS);
    }

    @Test
    void mappings_share_a_functions_invoker_which_goes_with_the_last_of_them() {
        List<String> made = new ArrayList<>();
        SharedInvokers invokers = new SharedInvokers(name -> {
            made.add(name);
            return invoker(name);
        });
        Supplier<FunctionInvoker> first = invokers.share("f");
        Supplier<FunctionInvoker> second = invokers.share("f");
        assertThat(first.get()).isSameAs(second.get());

        invokers.release("f");
        assertThat(invokers.share("f").get()).isSameAs(first.get());
        invokers.release("f");
        invokers.release("f");
        assertThat(invokers.size()).isZero();
        assertThat(invokers.share("f").get()).isNotSameAs(first.get());
        assertThat(made).containsExactly("f", "f");
    }
}
