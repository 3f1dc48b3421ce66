package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.ScriptedFunction.Delivery;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random lives of a mapping that is created, changed, paused, deleted and created again while its process dies at times. */
class RunTimeLivesTest {

    private static final int LIVES = 500;
    private static final int EVENTS = 60;
    private static final int KEYS = 5;

    @Test
    void a_mapping_delivers_everything_since_it_was_created_in_order_and_nothing_while_there_is_none() {
        long first = new Random().nextLong();
        System.out.println("RunTimeLivesTest, first seed " + first);
        int created = 0;
        int deleted = 0;
        for (long seed = first; seed < first + LIVES; seed++) {
            Life life = new Life(seed);
            life.play();
            created += life.created;
            deleted += life.deleted;
        }
        assertThat(created).as("created").isGreaterThan(2 * LIVES);
        assertThat(deleted).as("deleted").isGreaterThan(LIVES);
    }

    private static final class Life {

        private final long seed;
        private final Random random;
        private final World world;
        private final Map<String, List<String>> put = new HashMap<>();
        private int number;
        private int badInvocations;

        /** How many deliveries there were when the mapping was created that there is now. */
        private int deliveriesBefore;

        private boolean isDeleted;
        private int created;
        private int deleted;

        Life(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.world = new World(2, new VirtualTime(random));
            world.function.takes(invocation -> random.nextInt(100)).answers(this::outcome);
            world.start();
        }

        private InvocationOutcome outcome(Invocation invocation) {
            return random.nextInt(100) < badInvocations
                    ? InvocationOutcome.Failure.threw(new IllegalStateException("bad invocation"))
                    : new InvocationOutcome.Succeeded();
        }

        void play() {
            for (int event = 0; event < EVENTS; event++) {
                event(random.nextInt(20));
                world.advance(Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(3_000) : random.nextInt(50)));
            }
            end();
        }

        private void event(int draw) {
            if (draw < 8) {
                put();
            } else if (draw == 8) {
                world.crash();
                startAgain();
            } else if (draw == 9) {
                world.stop();
                startAgain();
            } else if (draw == 10) {
                badInvocations = random.nextInt(60);
            } else if (world.mappings().names().isEmpty()) {
                assertQuiet();
                create(random.nextInt(5) > 0);
            } else if (world.mappings().get("orders").state() != State.DELETING) {
                change(draw);
            }
        }

        private void put() {
            int key = random.nextInt(KEYS);
            String text = "record " + ++number;
            world.stream.put(world.stream.shardIds().get(key % 2), "key " + key, text);
            put.computeIfAbsent("key " + key, missing -> new ArrayList<>()).add(text);
        }

        private EventSourceMapping drawn() {
            return world.mapping()
                    .with(Batching.defaults()
                            .withBatchSize(1 + random.nextInt(4))
                            .withFactor(1 + random.nextInt(3)));
        }

        private void create(boolean enabled) {
            deliveriesBefore = world.function.deliveries().size();
            world.mappings().create(drawn(), enabled);
            created++;
        }

        private void change(int draw) {
            if (draw < 13) {
                CompletableFuture<Void> unused =
                        world.mappings().delete("orders").settled().thenRun(this::gone);
                isDeleted = true;
                deleted++;
            } else if (draw < 15) {
                EventSourceMapping drawn = drawn();
                world.mappings()
                        .update("orders", current -> drawn, random.nextInt(3) == 0 ? random.nextBoolean() : null);
            } else if (draw < 17) {
                world.mappings().pause("orders");
            } else {
                world.mappings().resume("orders");
            }
        }

        /** What was to be deleted is deleted at the next start at the latest. */
        private void startAgain() {
            world.start();
            if (isDeleted) {
                assertThat(world.mappings().names()).as("seed %d", seed).isEmpty();
                gone();
            }
        }

        private void gone() {
            isDeleted = false;
            deliveriesBefore = world.function.deliveries().size();
        }

        private void assertQuiet() {
            assertThat(world.mappingStore().all(World.NAMESPACE))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(world.store().mappings(World.NAMESPACE))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(world.function.running()).as("seed %d", seed).isEmpty();
            assertThat(world.function.deliveries()).as("seed %d", seed).hasSize(deliveriesBefore);
        }

        private void end() {
            badInvocations = 0;
            world.advance(Duration.ofMinutes(5));
            if (world.mappings().names().isEmpty()) {
                assertQuiet();
                create(true);
            } else {
                world.await(world.mappings().resume("orders"));
            }
            world.advance(Duration.ofMinutes(5));
            List<Delivery> all = world.function.deliveries();
            List<String> delivered = all.subList(deliveriesBefore, all.size()).stream()
                    .flatMap(delivery -> delivery.texts().stream())
                    .distinct()
                    .toList();
            put.forEach((key, texts) -> assertThat(
                            delivered.stream().filter(texts::contains).toList())
                    .as("seed %d, %s", seed, key)
                    .isEqualTo(texts));
            assertThat(world.await(world.mappings().describe("orders")).problem())
                    .as("seed %d", seed)
                    .isNull();
        }
    }
}
