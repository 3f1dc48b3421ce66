package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, "Retry, bisect, age": cases 58 to 72. */
class RetryBisectAgeTest {

    private final World world = new World(1);

    private void deliver1234(FailureHandling rules) {
        for (int digit = 1; digit <= 4; digit++) {
            world.stream.put(String.valueOf(digit));
        }
        EventSourceMapping mapping = world.mapping().with(rules.withDestination("fake"));
        world.start(mapping).advance(Duration.ofSeconds(10));
    }

    @Test
    void case_58_a_throwing_function_gets_the_batch_three_times_with_two_retries_then_it_is_discarded() {
        world.function.throwsOn("2");
        deliver1234(FailureHandling.defaults().withMaximumRetryAttempts(2));
        assertThat(world.function.digits()).containsExactly("1234", "1234", "1234");
        assertThat(world.destination.digits()).containsExactly("1234");
    }

    @Test
    void case_59_bisect_narrows_down_to_the_bad_record() {
        world.function.throwsOn("2");
        deliver1234(FailureHandling.defaults().withMaximumRetryAttempts(1).withBisect());
        assertThat(world.function.digits()).containsExactly("1234", "12", "1", "2", "2", "34");
        assertThat(world.destination.digits()).containsExactly("2");
        assertThat(world.destination.batches().get(0).invokeCount()).isEqualTo(2);
    }

    @Test
    void case_60_report_and_bisect_together() {
        world.function.reports("2");
        deliver1234(FailureHandling.defaults().withMaximumRetryAttempts(1).withBisect());
        assertThat(world.function.digits()).containsExactly("1234", "234", "2", "2", "34");
        assertThat(world.destination.digits()).containsExactly("2");
    }
}
