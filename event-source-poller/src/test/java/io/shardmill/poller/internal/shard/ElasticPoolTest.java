package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.testkit.ScarceThreads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElasticPoolTest {

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger started = new AtomicInteger();
    private final ScarceThreads threads = new ScarceThreads();
    private final ElasticPool pool = new ElasticPool(4, task -> {
        Thread thread = threads.newThread(task);
        thread.setUncaughtExceptionHandler((failed, expected) -> {});
        return thread;
    });

    @AfterEach
    void close() throws InterruptedException {
        end.countDown();
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** A task that holds its thread until the test is over. */
    private void block() {
        pool.execute(() -> {
            started.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void awaitStarted(int count) {
        await().untilAsserted(() -> assertThat(started).hasValue(count));
    }

    @Test
    void grows_before_it_queues() {
        for (int count = 1; count <= 4; count++) {
            block();
            assertThat(pool.getPoolSize()).isEqualTo(count);
        }
        awaitStarted(4);
        assertThat(pool.othersWait()).isFalse();

        block();
        assertThat(pool.othersWait()).isTrue();
        assertThat(pool.getPoolSize()).isEqualTo(4);
    }

    @Test
    void hands_a_task_to_an_idle_thread_before_it_grows() {
        for (int count = 1; count <= 100; count++) {
            CountDownLatch done = new CountDownLatch(1);
            pool.execute(done::countDown);
            await().until(() -> done.getCount() == 0 && pool.getActiveCount() == 0);
        }

        assertThat(pool.getLargestPoolSize()).isEqualTo(1);
    }

    @Test
    void has_room_for_more_after_it_is_told_to_grow() {
        for (int count = 0; count < 4; count++) {
            block();
        }
        pool.grow(2);
        block();
        block();

        awaitStarted(6);
    }

    @Test
    void a_task_that_throws_takes_no_thread_away() {
        for (int count = 0; count < 10; count++) {
            pool.execute(() -> {
                throw new IllegalStateException("thrown on purpose");
            });
        }
        for (int count = 0; count < 4; count++) {
            block();
        }

        awaitStarted(4);
    }

    @Test
    void never_leaves_a_task_queued_while_it_can_grow_even_as_its_threads_end_for_want_of_work() throws Exception {
        pool.setKeepAliveTime(1, TimeUnit.MICROSECONDS);
        block(); // one thread is always busy: none becomes idle and takes the task
        Thread[] noise = startNoise();
        Semaphore ran = new Semaphore(0);
        for (int count = 0; count < 60_000; count++) {
            pool.execute(ran::release);
            assertThat(ran.tryAcquire(30, TimeUnit.SECONDS))
                    .as("task %d ran", count)
                    .isTrue();
        }
        end.countDown();
        for (Thread thread : noise) {
            thread.join();
        }
    }

    /** Threads that take the processors away at every moment of a task's submission. */
    private Thread[] startNoise() {
        Thread[] noise = new Thread[Runtime.getRuntime().availableProcessors()];
        for (int index = 0; index < noise.length; index++) {
            noise[index] = new Thread(() -> {
                while (end.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            noise[index].setDaemon(true);
            noise[index].start();
        }
        return noise;
    }

    @Test
    void tasks_wait_for_the_threads_there_are_while_none_can_be_started() {
        block();
        awaitStarted(1);
        threads.setShortage(true);
        CountDownLatch ran = new CountDownLatch(10);
        for (int count = 0; count < 10; count++) {
            pool.execute(ran::countDown);
        }
        assertThat(threads.refusals()).isPositive();
        assertThat(pool.getPoolSize()).isEqualTo(1);
        assertThat(pool.othersWait()).isTrue();
        end.countDown();
        await().until(() -> ran.getCount() == 0);

        threads.setShortage(false);
        CountDownLatch later = new CountDownLatch(1);
        pool.execute(later::countDown);
        await().until(() -> later.getCount() == 0);
    }

    @Test
    void a_thread_that_was_started_beforehand_stays_when_the_others_end() {
        pool.prestartCoreThread();
        for (int count = 0; count < 4; count++) {
            block();
        }
        awaitStarted(4);
        end.countDown();
        pool.setKeepAliveTime(1, TimeUnit.MICROSECONDS);
        await().until(() -> pool.getPoolSize() == 1);
        pool.setKeepAliveTime(1, TimeUnit.MINUTES);
        threads.setShortage(true);
        CountDownLatch ran = new CountDownLatch(100);
        for (int count = 0; count < 100; count++) {
            pool.execute(ran::countDown);
        }

        await().until(() -> ran.getCount() == 0);
        assertThat(pool.getPoolSize()).isEqualTo(1);
    }

    @Test
    void a_task_is_refused_when_there_is_no_thread_at_all_and_the_next_one_finds_the_pool_as_it_was() {
        threads.setShortage(true);
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(OutOfMemoryError.class);
        assertThat(pool.othersWait()).isFalse();
        threads.setShortage(false);
        block();
        awaitStarted(1);
        block();

        awaitStarted(2);
    }

    @Test
    void refuses_tasks_after_it_is_closed() {
        pool.shutdown();

        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
