package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.runtime.files.Folders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool of one environment on a system that has no thread left when the pool first asks for one. */
@Timeout(60)
class EnvironmentPoolTest {

    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private final TooManyThreads threads = new TooManyThreads(1);
    private Functions functions;
    private EnvironmentPool pool;

    @BeforeEach
    void open() {
        functions = new Functions(folder);
        Path code = functions.loop("respond \"$event\"; [ \"$event\" = busy ] && sleep 600");
        pool = new EnvironmentPool(
                "f",
                new EnvironmentLimits(1, Duration.ZERO, LONG),
                threads,
                () -> new ExecutionEnvironment(
                        Functions.provided(code, LONG), functions.resources().ownUser(), LONG, functions.resources()));
    }

    @AfterEach
    void close() throws Exception {
        pool.kill();
        threads.shutdown();
        functions.close();
    }

    private String invoke(String event) throws Exception {
        return Functions.text(pool.invoke(InvokeRequest.of(event.getBytes(UTF_8))));
    }

    @Test
    void an_answer_stands_and_its_environment_serves_the_next_event_without_a_thread_to_settle_it() throws Exception {
        assertThat(invoke("busy")).isEqualTo("busy");
        assertThat(threads.asked()).isEqualTo(1);
        assertThat(invoke("next")).isEqualTo("next");
    }

    @Test
    void an_idle_environment_that_no_thread_can_end_is_ended_the_next_time() throws Exception {
        assertThat(invoke("once")).isEqualTo("once");
        pool.reap();
        assertThat(threads.asked()).isEqualTo(1);
        assertThat(pool.size()).isEqualTo(1);

        pool.reap();
        assertThat(pool.size()).isZero();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Folders.entries(functions.resources().environmentsFolder())).isEmpty();
    }
}
