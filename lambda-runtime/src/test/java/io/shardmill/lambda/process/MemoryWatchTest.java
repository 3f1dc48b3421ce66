package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryWatchTest {

    /** Counts its measurements; the first one fails as when there is no memory. */
    private record Group(long leader, AtomicInteger measurements) implements MemoryWatch.Group {

        @Override
        public boolean isWorking() {
            return true;
        }

        @Override
        public long peakKilobytes() {
            return 0;
        }

        @Override
        public boolean measured(long kilobytes) {
            if (measurements.incrementAndGet() == 1) {
                throw new OutOfMemoryError("a test");
            }
            return false;
        }
    }

    @Test
    void an_error_does_not_end_measuring() throws Exception {
        Process process = new ProcessBuilder("setsid", "sleep", "600").start();
        Group group = new Group(process.pid(), new AtomicInteger());
        try (MemoryWatch watch = new MemoryWatch(Thread::new)) {
            watch.add(group);
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> group.measurements().get() > 2);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void measuring_begins_with_the_next_event_if_there_was_no_thread_for_it() throws Exception {
        Process process = new ProcessBuilder("setsid", "sleep", "600").start();
        Group group = new Group(process.pid(), new AtomicInteger());
        AtomicInteger asked = new AtomicInteger();
        ThreadFactory threads = work -> {
            if (asked.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread (a test)");
            }
            return new Thread(work);
        };
        try (MemoryWatch watch = new MemoryWatch(threads)) {
            assertThatThrownBy(() -> watch.add(group)).isInstanceOf(OutOfMemoryError.class);
            watch.resume();
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> group.measurements().get() > 2);
        } finally {
            process.destroyForcibly();
        }
    }
}
