package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.MappingDocument;
import io.shardmill.poller.testkit.ForwardingMappingStore;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Mappings that are kept in the database, and what other processes do to them. */
class StoredMappingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

    private final World world = new World(1);

    private void create() {
        world.await(world.mappings().create(world.mapping(), true).settled());
    }

    private static StoredMapping stored(String name, String document, long version) {
        return new StoredMapping(name, document, true, false, null, Instant.EPOCH, version);
    }

    private State state() {
        return world.mappings().get("orders").state();
    }

    private void deliver(String text) {
        world.stream.put(text);
        world.advance(SECOND);
    }

    @Test
    void what_was_created_goes_on_in_the_next_life_and_so_does_its_pause() {
        world.start();
        create();
        deliver("1");
        world.crash();
        world.start();
        deliver("2");
        assertThat(world.mappings().get("orders").origin()).isEqualTo(Origin.STORED);
        world.await(world.mappings().pause("orders"));
        world.crash();
        world.start();
        deliver("3");
        assertThat(state()).isEqualTo(State.DISABLED);
        world.await(world.mappings().resume("orders"));
        world.advance(SECOND);

        assertThat(world.function.digits()).containsExactly("1", "2", "3");
    }

    @Test
    void what_was_deleted_does_not_come_back() {
        world.start();
        create();
        world.await(world.mappings().delete("orders").settled());
        world.crash();
        world.start();

        assertThat(world.mappings().names()).isEmpty();
        assertThatThrownBy(() -> world.mappings().get("orders")).isInstanceOf(UnknownMappingException.class);
    }

    @Test
    void a_stream_that_is_gone_at_the_next_start_is_waited_for() {
        world.start();
        create();
        world.crash();
        world.stream.delete();
        world.start().advance(SECOND);
        assertThat(world.await(world.mappings().describe("orders")).problem()).contains("no stream 'orders'");

        world.stream.createAgain(1);
        deliver("1");
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void a_name_that_is_taken_is_refused() {
        world.start();
        create();
        assertThatThrownBy(() -> world.mappings().create(world.mapping().withFunction("another"), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("There is a mapping 'orders' already");
    }

    @Test
    void a_mapping_of_the_configuration_cant_be_changed_or_deleted_and_the_error_says_where_it_is_configured() {
        world.begin(world.mapping(), new StartOptions(null, null, "shardmill.mappings.orders"));
        world.advance(SECOND);

        assertThatThrownBy(() -> world.mappings().delete("orders"))
                .isInstanceOf(ConfiguredMappingException.class)
                .hasMessageContaining("'orders'")
                .hasMessageContaining("shardmill.mappings.orders");
        assertThatThrownBy(() -> world.mappings().update(world.mapping().withFunction("another")))
                .isInstanceOf(ConfiguredMappingException.class)
                .hasMessageContaining("shardmill.mappings.orders");
        world.await(world.mappings().pause("orders"));
        world.await(world.mappings().resume("orders"));
        deliver("1");
        assertThat(world.function.digits()).containsExactly("1");
        assertThat(world.mappings().get("orders").origin()).isEqualTo(Origin.CONFIGURED);
    }

    @Test
    void the_configuration_goes_before_a_stored_mapping_of_the_same_name() {
        world.start();
        create();
        deliver("1");
        world.stop();
        world.begin(
                world.mapping().withFunction("configured"), new StartOptions(null, null, "shardmill.mappings.orders"));
        world.mappings().startStored();
        deliver("2");

        assertThat(world.function.digits()).containsExactly("1", "2");
        assertThat(world.mappings().list())
                .singleElement()
                .satisfies(mapping -> assertThat(mapping.mapping().function()).isEqualTo("configured"));
        assertThat(world.mappingStore().all(World.NAMESPACE)).hasSize(1);
    }

    @Test
    void a_definition_that_cant_be_read_hinders_no_other() {
        world.mappingStore().create(World.NAMESPACE, stored("broken", "{", 1));
        world.mappingStore().create(World.NAMESPACE, stored("orders", MappingDocument.of(world.mapping()), 1));
        world.start();
        deliver("1");

        assertThat(world.function.digits()).containsExactly("1");
        assertThat(world.mappings().names()).containsExactly("orders");
    }

    // Other processes.

    @Test
    void a_mapping_that_another_process_creates_is_found() {
        world.start();
        world.await(world.mappings().create(world.mapping("first"), true).settled());
        world.mappingStore().create(World.NAMESPACE, stored("orders", MappingDocument.of(world.mapping()), 1));
        world.stream.put("1");
        world.advance(TWO_MINUTES);

        assertThat(world.mappings().names()).containsExactly("first", "orders");
        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    @Test
    void a_mapping_that_another_process_creates_is_found_though_looking_for_it_failed_before() {
        Runnable[] trouble = {() -> {}};
        world.with(new ForwardingMappingStore(world.mappingStore()) {
                    @Override
                    public List<StoredMapping> all(String namespace) {
                        Runnable now = trouble[0];
                        trouble[0] = () -> {};
                        now.run();
                        return super.all(namespace);
                    }
                })
                .start();
        world.await(world.mappings().create(world.mapping("first"), true).settled());
        world.mappingStore().create(World.NAMESPACE, stored("orders", MappingDocument.of(world.mapping()), 1));
        trouble[0] = () -> {
            throw full();
        };
        world.advance(TWO_MINUTES);

        assertThat(world.mappings().names()).containsExactly("first", "orders");
    }

    @Test
    void a_mapping_that_another_process_creates_is_found_though_there_was_no_memory_to_begin_looking() {
        world.start();
        world.mappingStore().create(World.NAMESPACE, stored("first", MappingDocument.of(world.mapping("first")), 1));
        world.time.failTimerOnce(full());
        assertThatThrownBy(() -> world.mappings().create(world.mapping("second"), true))
                .isInstanceOf(OutOfMemoryError.class);
        world.await(world.mappings()
                .create(world.mapping("third").withFunction("another"), true)
                .settled());
        world.advance(TWO_MINUTES);

        assertThat(world.mappings().names()).containsExactlyInAnyOrder("first", "second", "third");
    }

    private static OutOfMemoryError full() {
        return new OutOfMemoryError("thrown by a test");
    }

    private void deleteElsewhere() {
        StoredMapping deleted = markDeleted();
        assertThat(world.mappingStore().delete(World.NAMESPACE, "orders", deleted.version()))
                .isTrue();
    }

    private StoredMapping markDeleted() {
        StoredMapping now = world.mappingStore().find(World.NAMESPACE, "orders").orElseThrow();
        StoredMapping deleted = new StoredMapping(
                "orders", now.document(), now.enabled(), true, now.replay(), now.lastModified(), now.version() + 1);
        assertThat(world.mappingStore().update(World.NAMESPACE, deleted)).isTrue();
        return deleted;
    }

    @Test
    void a_mapping_that_another_process_removes_and_creates_again_is_not_removed_by_a_late_deletion() {
        MappingStore store = world.mappingStore();
        boolean[] away = {false};
        world.with(new ForwardingMappingStore(store) {
                    @Override
                    public Optional<StoredMapping> find(String namespace, String name) {
                        if (away[0]) {
                            throw new CheckpointStoreException("unreachable", new IllegalStateException());
                        }
                        return super.find(namespace, name);
                    }
                })
                .start();
        create();
        world.function.takes(invocation -> 30_000);
        deliver("1");
        CompletableFuture<Void> deleted = world.mappings().delete("orders").settled();
        away[0] = true;
        StoredMapping marked = store.find(World.NAMESPACE, "orders").orElseThrow();
        store.delete(World.NAMESPACE, "orders", marked.version());
        store.create(World.NAMESPACE, stored("orders", MappingDocument.of(world.mapping()), marked.version() + 1_000));
        world.advance(TWO_MINUTES);
        assertThat(store.all(World.NAMESPACE)).hasSize(1);

        away[0] = false;
        world.await(deleted);
        world.advance(TWO_MINUTES);
        assertThat(world.mappings().names()).containsExactly("orders");
        assertThat(state()).isEqualTo(State.ENABLED);
        assertThat(store.all(World.NAMESPACE)).hasSize(1);
    }

    @Test
    void a_mapping_that_another_process_deletes_stops_here_and_makes_no_rows() {
        world.start();
        create();
        deleteElsewhere();
        world.advance(TWO_MINUTES);
        deliver("1");

        assertThat(world.mappings().names()).isEmpty();
        assertThat(world.function.digits()).isEmpty();
        assertThat(world.store().mappings(World.NAMESPACE)).isEmpty();
    }

    @Test
    void a_mapping_that_another_process_updates_is_updated_here() {
        world.start();
        create();
        StoredMapping before =
                world.mappingStore().find(World.NAMESPACE, "orders").orElseThrow();
        EventSourceMapping changed = world.mapping().with(Batching.defaults().withBatchSize(1));
        world.mappingStore()
                .update(World.NAMESPACE, stored("orders", MappingDocument.of(changed), before.version() + 1));
        world.advance(TWO_MINUTES);
        world.stream.put("1");
        deliver("2");

        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void a_mapping_that_was_found_paused_notices_that_another_process_resumes_it() {
        world.storePaused(true);
        world.start(world.mapping());
        deliver("1");
        world.storePaused(false);
        world.advance(TWO_MINUTES);

        assertThat(world.function.digits()).containsExactly("1");
        assertThat(state()).isEqualTo(State.ENABLED);
    }

    @Test
    void a_running_mapping_notices_that_another_process_pauses_it() {
        world.start(world.mapping());
        world.storePaused(true);
        world.advance(TWO_MINUTES);
        deliver("1");

        assertThat(world.function.digits()).isEmpty();
        assertThat(state()).isEqualTo(State.DISABLED);
    }

    @Test
    void a_shard_with_nothing_to_save_notices_that_another_process_replays_it() {
        world.start(world.mapping());
        deliver("1");
        world.store()
                .replace(
                        key(1),
                        world.store().load(key(1)).stream()
                                .map(row -> CheckpointRow.begin(row.shard(), row.state(), row.start(), row.parents()))
                                .toList());
        world.advance(Duration.ofMinutes(5));

        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    private static MappingKey key(int incarnation) {
        return new MappingKey(World.NAMESPACE, "orders", "orders", "incarnation-" + incarnation);
    }

    // Ends.

    @Test
    void who_waits_for_a_mapping_to_be_drained_is_told_when_it_ends_before() {
        world.function.throwsOn("1");
        world.start();
        create();
        deliver("1");
        CompletableFuture<Void> beforeDeletion = world.mappings().drained("orders");
        world.await(world.mappings().delete("orders").settled());
        assertThat(beforeDeletion).isCompletedExceptionally();
        assertThatThrownBy(() -> world.await(beforeDeletion))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was deleted");

        create();
        world.advance(SECOND);
        CompletableFuture<Void> before = world.mappings().drained("orders");
        world.stop();
        CompletableFuture<Void> after = world.mappings().drained("orders");
        world.advance(SECOND);
        assertThat(before).isCompletedExceptionally();
        assertThat(after).isCompletedExceptionally();
    }

    @Test
    void a_stopped_mapping_is_not_changed_any_more() {
        world.start(world.mapping());
        world.stop();
        assertThatThrownBy(() -> world.await(world.mappings().resume("orders")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is stopped");
    }

    @Test
    void a_deletion_that_the_database_refuses_leaves_the_mapping_as_it_was() {
        boolean[] refuses = {true};
        world.with(new ForwardingMappingStore(world.mappingStore()) {
                    @Override
                    public boolean update(String namespace, StoredMapping mapping) {
                        if (refuses[0]) {
                            throw new CheckpointStoreException("unreachable", new IllegalStateException());
                        }
                        return super.update(namespace, mapping);
                    }
                })
                .start();
        create();
        deliver("1");
        assertThatThrownBy(() -> world.mappings().delete("orders")).isInstanceOf(CheckpointStoreException.class);
        deliver("2");
        assertThat(world.function.digits()).containsExactly("1", "2");
        assertThat(state()).isEqualTo(State.ENABLED);

        refuses[0] = false;
        world.await(world.mappings().delete("orders").settled());
        assertThat(world.mappings().names()).isEmpty();
    }

    @Test
    void a_deletion_that_was_accepted_is_tried_until_the_database_removes_the_mapping() {
        boolean[] refuses = {true};
        world.with(new ForwardingMappingStore(world.mappingStore()) {
                    @Override
                    public boolean delete(String namespace, String name, long version) {
                        if (refuses[0]) {
                            throw new CheckpointStoreException("unreachable", new IllegalStateException());
                        }
                        return super.delete(namespace, name, version);
                    }
                })
                .start();
        create();
        CompletableFuture<Void> deleted = world.mappings().delete("orders").settled();
        world.advance(SECOND);
        deliver("1");
        assertThat(deleted).isNotDone();
        assertThat(state()).isEqualTo(State.DELETING);
        assertThat(world.function.digits()).isEmpty();

        refuses[0] = false;
        world.await(deleted);
        assertThat(world.mappings().names()).isEmpty();
        assertThat(world.mappingStore().all(World.NAMESPACE)).isEmpty();
    }

    @Test
    void a_mapping_that_is_being_deleted_takes_no_other_change() {
        world.function.takes(invocation -> 30_000);
        world.start();
        create();
        deliver("1");
        CompletableFuture<Void> deleted = world.mappings().delete("orders").settled();

        assertThatThrownBy(() -> world.mappings().resume("orders")).isInstanceOf(MappingInUseException.class);
        CompletableFuture<Void> again = world.mappings().delete("orders").settled();
        world.await(deleted);
        assertThat(again).isCompleted();
    }
}
