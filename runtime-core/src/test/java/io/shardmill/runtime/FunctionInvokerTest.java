package io.shardmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.InvocationContext;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.runtime.InvocationOutcome.Failure;
import io.shardmill.runtime.InvocationOutcome.Failure.Kind;
import io.shardmill.runtime.InvocationOutcome.PartlyFailed;
import io.shardmill.runtime.InvocationOutcome.Succeeded;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FunctionInvokerTest {

    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");
    private static final List<Record> BATCH = List.of(
            Record.of(SHARD, SequenceNumber.of(1), "k", "a", Instant.EPOCH),
            Record.of(SHARD, SequenceNumber.of(2), "k", "b", Instant.EPOCH));
    private static final Invocation INVOCATION = new Invocation(
            new Invocation.Origin("m", SHARD, 0, 7),
            new Invocation.Attempt("request-1", 2),
            BATCH,
            null,
            Payload.of(new byte[0]));
    private static final Duration LONG = Duration.ofMinutes(15);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        timer.shutdownNow();
        other.shutdownNow();
    }

    @Test
    void hands_the_very_list_to_the_function_in_its_context() {
        AtomicReference<List<Record>> seen = new AtomicReference<>();
        AtomicReference<InvocationContext> context = new AtomicReference<>();
        InvocationOutcome outcome = invoke(LONG, batch -> {
            seen.set(batch);
            context.set(InvocationContext.current());
            return Result.success();
        });

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertThat(seen.get()).isSameAs(BATCH);
        assertThat(context.get().requestId()).isEqualTo("request-1");
        assertThat(context.get().attempt()).isEqualTo(2);
        assertThat(context.get().fencingToken()).isEqualTo(7);
        assertThat(context.get().mapping()).isEqualTo("m");
        assertThat(context.get().functionName()).isEqualTo("fn");
        assertThat(context.get().shard()).isEqualTo(SHARD);
        assertThat(context.get().remainingTime()).isPositive().isLessThanOrEqualTo(LONG);
    }

    @Test
    void case_52_a_report_counts_only_if_it_was_asked_for() {
        Function reporting = batch -> Result.failedFrom(1);
        assertThat(invoke(LONG, reporting)).isEqualTo(new PartlyFailed(1));
        assertThat(invoker(LONG, FunctionSettings.UNLIMITED, reporting)
                        .invoke(INVOCATION, false, DeadlineListener.IGNORED))
                .isInstanceOf(Succeeded.class);
    }

    @Test
    void what_the_function_throws_is_the_outcomes_cause_unwrapped() {
        Exception thrown = new Exception("of the function");
        assertThat(invoke(LONG, batch -> {
                    throw thrown;
                }))
                .isEqualTo(Failure.threw(thrown));
    }

    @Test
    void a_function_that_could_not_be_run_uses_up_no_attempt() {
        InvocationOutcome outcome = invokeVersion(LONG, invocation -> {
            throw new NotInvokedException("no environment to be had");
        });

        assertThat(outcome).isEqualTo(Failure.notInvoked("no environment to be had"));
        assertThat(outcome.consumesAttempt()).isFalse();
    }

    @Test
    void memory_that_runs_out_while_the_event_is_built_uses_up_no_attempt() {
        InvocationOutcome outcome = invokeVersion(LONG, invocation -> {
            byte[] unused = full().bytes();
            throw new AssertionError("was built");
        });

        assertThat(outcome).isEqualTo(Failure.internal("out of memory (planted)"));
        assertThat(outcome.consumesAttempt()).isFalse();
        assertThat(outcome.reachedFunction()).isFalse();
    }

    @Test
    void an_event_that_is_not_as_long_as_it_should_be_is_no_fault_of_the_functions() {
        InvocationOutcome outcome = invokeVersion(LONG, invocation -> {
            byte[] unused = new Written(3, out -> out.write(new byte[2])).bytes();
            throw new AssertionError("was built");
        });

        assertThat(kind(outcome)).isEqualTo(Kind.INTERNAL);
        assertThat(outcome.describe()).contains("3 bytes", "2 bytes");
    }

    @Test
    void memory_that_runs_out_around_the_function_uses_up_no_attempt() {
        InvocationInterceptor before = (invocation, function) -> {
            throw new OutOfMemoryError("planted");
        };
        InvocationInterceptor after = (invocation, function) -> {
            function.invoke(invocation);
            throw new OutOfMemoryError("planted");
        };
        for (InvocationInterceptor interceptor : List.of(before, after)) {
            InvocationOutcome outcome = invoker(LONG, interceptor, batch -> Result.success())
                    .invoke(INVOCATION, true, DeadlineListener.IGNORED);
            assertThat(outcome).isEqualTo(Failure.internal("out of memory (planted)"));
        }
    }

    @Test
    void an_event_that_was_not_ready_before_the_deadline_is_no_time_out_of_the_functions() {
        InvocationOutcome outcome = invokeVersion(SHORT, invocation -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException deadline) {
                byte[] unused = full().bytes();
            }
            throw new AssertionError("was built");
        });

        assertThat(outcome).isEqualTo(Failure.internal("out of memory (planted)"));
    }

    private static Payload full() {
        return new Written(1, out -> {
            throw new OutOfMemoryError("planted");
        });
    }

    private interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    private record Written(int size, Writer writer) implements Payload {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            writer.writeTo(out);
        }
    }

    @Test
    void case_78_a_failure_knows_the_version_that_failed() {
        Exception thrown = new Exception("of the function");
        Answer reported = Answer.of(Result.failedFrom(1)).executedBy("3");

        assertThat(invokeVersion(LONG, invocation -> reported)).isEqualTo(new PartlyFailed(1, null, "3"));
        assertThat(invokeVersion(LONG, invocation -> {
                    throw new FailedVersionException("3", thrown);
                }))
                .isEqualTo(Failure.threw(thrown).executedBy("3"))
                .satisfies(failed -> assertThat(failed.executedVersion()).isEqualTo("3"));
        assertThat(invokeVersion(SHORT, invocation -> {
                    try {
                        new CountDownLatch(1).await();
                        return reported;
                    } catch (InterruptedException deadline) {
                        throw new FailedVersionException("3", deadline);
                    }
                }))
                .isEqualTo(Failure.timedOut(1).executedBy("3"));
        assertThat(invoke(LONG, batch -> Result.failedFrom(1)).executedVersion())
                .isEqualTo("$LATEST");
    }

    private interface Version {
        Answer invoke(Invocation invocation) throws Exception;
    }

    private InvocationOutcome invokeVersion(Duration timeout, Version version) {
        InvocableFunction function = new InvocableFunction() {
            @Override
            public Answer invoke(Invocation invocation) throws Exception {
                return version.invoke(invocation);
            }

            @Override
            public boolean reportsItemFailures() {
                return false;
            }
        };
        return new FunctionInvoker(
                        "fn",
                        function,
                        new FunctionSettings(timeout, FunctionSettings.UNLIMITED),
                        new Deadlines(timer),
                        InvocationInterceptor.NONE)
                .invoke(INVOCATION, true, DeadlineListener.IGNORED);
    }

    @Test
    void field_note_18_errors_are_failed_attempts() {
        for (Error error : List.of(new OutOfMemoryError("planted"), new NoClassDefFoundError("planted"))) {
            assertThat(invoke(LONG, batch -> {
                        throw error;
                    }))
                    .isEqualTo(Failure.threw(error));
        }
        assertThat(invoke(LONG, FunctionInvokerTest::recurse))
                .isInstanceOfSatisfying(
                        Failure.class, failed -> assertThat(failed.cause()).isInstanceOf(StackOverflowError.class));
    }

    @SuppressWarnings("InfiniteRecursion")
    private static Result recurse(List<Record> batch) {
        return recurse(batch);
    }

    @Test
    void a_deadline_interrupts_the_function_but_the_outcome_waits_for_its_real_return() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<Thread> listener = new AtomicReference<>();
        CountDownLatch told = new CountDownLatch(1);
        AtomicBoolean returned = new AtomicBoolean();
        Function stubborn = batch -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            release.await();
            returned.set(true);
            return Result.success();
        };
        Future<InvocationOutcome> outcome = other.submit(
                () -> invoker(SHORT, FunctionSettings.UNLIMITED, stubborn).invoke(INVOCATION, true, thread -> {
                    listener.set(thread);
                    told.countDown();
                }));

        interrupted.await();
        told.await();
        assertThat(outcome).isNotDone();
        release.countDown();

        assertThat(outcome.get()).isEqualTo(Failure.timedOut(1));
        assertThat(returned).isTrue();
        assertThat(listener.get()).isSameAs(other.submit(Thread::currentThread).get());
    }

    @Test
    void an_exception_after_the_deadline_is_a_timeout_too() {
        assertThat(invoke(SHORT, batch -> {
                    new CountDownLatch(1).await();
                    return Result.success();
                }))
                .isEqualTo(Failure.timedOut(1));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_function_that_leaves_its_thread_interrupted_hurts_nobody_after_it() {
        assertThat(invoke(LONG, batch -> {
                    Thread.currentThread().interrupt();
                    return Result.success();
                }))
                .isInstanceOf(Succeeded.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void in_a_thousand_races_of_return_and_deadline_no_interrupt_gets_out() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("FunctionInvokerTest seed " + seed);
        Random random = new Random(seed);
        int timedOut = 0;
        for (int round = 0; round < 1_000; round++) {
            long nanos = 700_000L + random.nextInt(600_000);
            InvocationOutcome outcome = invoke(SHORT, batch -> {
                long end = System.nanoTime() + nanos;
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
                return Result.success();
            });
            assertThat(Thread.currentThread().isInterrupted())
                    .as("seed %d round %d", seed, round)
                    .isFalse();
            assertThat(outcome).isIn(new Succeeded(), Failure.timedOut(1));
            timedOut += outcome instanceof Failure ? 1 : 0;
        }
        timer.shutdown();
        assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        System.out.println("FunctionInvokerTest: " + timedOut + " of 1,000 races won by the deadline");
    }

    @Test
    void beyond_its_reserved_concurrency_a_function_is_throttled_and_free_again_afterwards() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        FunctionInvoker invoker = invoker(LONG, 1, batch -> {
            entered.countDown();
            release.await();
            throw new IllegalStateException("the permit comes back after a failure too");
        });
        Future<InvocationOutcome> running =
                other.submit(() -> invoker.invoke(INVOCATION, true, DeadlineListener.IGNORED));
        entered.await();

        assertThat(invoker.invoke(INVOCATION, true, DeadlineListener.IGNORED))
                .isInstanceOfSatisfying(
                        Failure.class,
                        refused -> assertThat(refused.describe()).contains("throttled", "all 1 reserved", "'fn'"));

        release.countDown();
        assertThat(kind(running.get())).isEqualTo(Kind.THREW);
        assertThat(kind(invoker.invoke(INVOCATION, true, DeadlineListener.IGNORED)))
                .isEqualTo(Kind.THREW);
    }

    @Test
    void a_reserved_concurrency_of_zero_throttles_all() {
        assertThat(kind(invoker(LONG, 0, batch -> Result.success()).invoke(INVOCATION, true, DeadlineListener.IGNORED)))
                .isEqualTo(Kind.NOT_INVOKED);
    }

    @Test
    void settings_that_change_hold_from_the_next_invocation_on() {
        AtomicReference<FunctionSettings> settings = new AtomicReference<>(new FunctionSettings(LONG, 0));
        AtomicReference<Duration> remaining = new AtomicReference<>();
        FunctionInvoker invoker = new FunctionInvoker(
                "fn",
                new Function() {
                    @Override
                    public Result invoke(List<Record> batch) {
                        remaining.set(InvocationContext.current().remainingTime());
                        return Result.success();
                    }

                    @Override
                    public FunctionSettings settings(FunctionSettings configured) {
                        return settings.get();
                    }
                },
                FunctionSettings.defaults(),
                new Deadlines(timer),
                InvocationInterceptor.NONE);
        assertThat(kind(invoker.invoke(INVOCATION, true, DeadlineListener.IGNORED)))
                .isEqualTo(Kind.NOT_INVOKED);

        settings.set(new FunctionSettings(Duration.ofMinutes(1), 1));

        assertThat(invoker.invoke(INVOCATION, true, DeadlineListener.IGNORED)).isInstanceOf(Succeeded.class);
        assertThat(remaining.get()).isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void the_context_class_loader_is_restored() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader foreign = new URLClassLoader(new URL[0])) {
            invoke(LONG, batch -> {
                Thread.currentThread().setContextClassLoader(foreign);
                throw new IllegalStateException();
            });
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void a_finished_invocation_leaves_nothing_in_the_timer() {
        invoke(LONG, batch -> Result.success());
        assertThat(timer.getQueue()).isEmpty();
    }

    private static Kind kind(InvocationOutcome outcome) {
        return ((Failure) outcome).kind();
    }

    private InvocationOutcome invoke(Duration timeout, Function function) {
        return invoker(timeout, FunctionSettings.UNLIMITED, function)
                .invoke(INVOCATION, true, DeadlineListener.IGNORED);
    }

    private FunctionInvoker invoker(Duration timeout, int reserved, Function function) {
        return new FunctionInvoker(
                "fn",
                function,
                new FunctionSettings(timeout, reserved),
                new Deadlines(timer),
                InvocationInterceptor.NONE);
    }

    private FunctionInvoker invoker(Duration timeout, InvocationInterceptor interceptor, Function function) {
        return new FunctionInvoker(
                "fn",
                function,
                new FunctionSettings(timeout, FunctionSettings.UNLIMITED),
                new Deadlines(timer),
                interceptor);
    }

    private interface Function extends BatchFunction {
        @Override
        default boolean reportsItemFailures() {
            return true;
        }
    }
}
