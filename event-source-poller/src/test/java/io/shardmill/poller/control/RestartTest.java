package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a mapping remembers of failed batches across a clean restart. */
class RestartTest {

    private final World world = new World(1);

    private EventSourceMapping mapping(FailureHandling rules) {
        return world.mapping().with(rules.withDestination("fake"));
    }

    private void put(String digits) {
        digits.chars().forEach(digit -> world.stream.put(Character.toString(digit)));
    }

    private List<String> deliveredSince(int count) {
        List<String> all = world.function.digits();
        return all.subList(count, all.size());
    }

    @Test
    void a_restart_goes_on_with_the_part_of_a_split_batch_it_had_come_to() {
        EventSourceMapping mapping =
                mapping(FailureHandling.defaults().withMaximumRetryAttempts(3).withBisect());
        world.function.throwsOn("3");
        put("1234");
        world.start(mapping).advance(Duration.ofMillis(300));
        assertThat(world.function.digits()).containsExactly("1234", "12", "34", "3", "3");
        put("56");
        world.restart(mapping).advance(Duration.ofSeconds(10));

        assertThat(deliveredSince(5)).containsExactly("3", "3", "4", "56");
        assertThat(world.destination.batches().get(0).invokeCount()).isEqualTo(4);
    }

    @Test
    void a_batch_about_to_be_given_up_when_the_process_stopped_is_tried_once_more() {
        EventSourceMapping mapping = mapping(FailureHandling.defaults().withMaximumRetryAttempts(0));
        world.function.throwsOn("1").takes(invocation -> 1_000);
        put("1");
        world.start(mapping).advance(Duration.ofMillis(500));
        world.restart(mapping).advance(Duration.ofSeconds(10));

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().attempt().number())
                .containsExactly(1, 1);
        assertThat(world.destination.digits()).containsExactly("1");
    }

    @Test
    void a_batch_that_failed_under_another_factor_is_a_fresh_one() {
        EventSourceMapping mapping = mapping(FailureHandling.defaults().withMaximumRetryAttempts(9));
        world.function.throwsOn("1");
        put("1");
        world.start(mapping).advance(Duration.ofMillis(300));
        world.restart(mapping.with(Batching.defaults().withFactor(2)));

        assertThat(world.function.deliveries())
                .extracting(delivery -> delivery.invocation().attempt().number())
                .containsExactly(1, 2, 1);
    }

    @Test
    void attempts_survive_when_the_batch_is_read_in_several_reads_after_the_restart() {
        EventSourceMapping mapping = mapping(FailureHandling.defaults().withMaximumRetryAttempts(9));
        world.function.throwsOn("1");
        put("1234");
        world.start(mapping).advance(Duration.ofMillis(300));
        world.stream.readLimit(1);
        put("5");
        world.restart(mapping);

        assertThat(world.function.digits()).containsExactly("1234", "1234", "1234");
        assertThat(world.function.deliveries().get(2).invocation().attempt().number())
                .isEqualTo(3);
    }

    @Test
    void a_failed_batch_of_which_the_stream_has_forgotten_a_part_goes_on_with_the_rest() {
        EventSourceMapping mapping = mapping(FailureHandling.defaults().withMaximumRetryAttempts(9));
        world.function.throwsOn("3");
        put("1234");
        world.start(mapping).advance(Duration.ofMillis(300));
        world.stop();
        world.stream.trim(world.stream.shardIds().get(0), 2);
        world.start(mapping);

        assertThat(deliveredSince(2)).containsExactly("34");
    }
}
