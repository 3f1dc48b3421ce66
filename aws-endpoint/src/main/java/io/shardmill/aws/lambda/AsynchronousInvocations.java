package io.shardmill.aws.lambda;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invocations of type {@code Event}, in no order (Lambda guide, "How Lambda handles errors and retries with asynchronous
 * invocation"): a function that fails is tried again after one minute and after two more; one that can't be invoked, such as
 * a throttled one, after 1 s, doubling to 5 min, for 6 hours. Then the event is logged as lost, without its payload: there are
 * no dead-letter queues and no destinations. Unlike on Lambda, events are kept in memory, so they are lost when the process
 * ends, and they are bounded: 1,000, with 64 MB together. 16 run at once. Thread-safe.
 */
final class AsynchronousInvocations implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AsynchronousInvocations.class);

    /** 6 hours: 9 waits that double, and steps of 5 minutes. */
    private static final int MAX_REFUSALS = 80;

    private static final int MAX_EVENTS = 1_000;
    private static final long MAX_BYTES = 64L << 20;
    private static final int THREADS = 16;
    private static final List<Duration> RETRIES = List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final DeployedFunctions functions;
    private final Later threads;
    private int events; // both guarded by this
    private long bytes;

    private record Event(FunctionRef function, InvokeRequest request, int failures, int refusals) {

        Event failed() {
            return new Event(function, request, failures + 1, refusals);
        }

        Event refused() {
            return new Event(function, request, failures, refusals + 1);
        }
    }

    AsynchronousInvocations(DeployedFunctions functions) {
        this(functions, new Threads());
    }

    AsynchronousInvocations(DeployedFunctions functions, Later threads) {
        this.functions = functions;
        this.threads = threads;
    }

    /** Runs work later. */
    interface Later {

        /**
         * Returns at once.
         *
         * @throws RejectedExecutionException once it is stopped
         */
        void run(Duration wait, Runnable work);

        /** Forgets what has not begun, and interrupts what runs; returns how much it has forgotten. */
        int stop();
    }

    private static final class Threads implements Later {

        private final ScheduledThreadPoolExecutor threads =
                new ScheduledThreadPoolExecutor(THREADS, DaemonThreads.numbered("shardmill-asynchronous-invocations-"));

        @Override
        public void run(Duration wait, Runnable work) {
            Future<?> unused = threads.schedule(work, wait.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public int stop() {
            return threads.shutdownNow().size();
        }
    }

    /** @throws io.shardmill.aws.protocol.AwsException if there are too many */
    void submit(FunctionRef function, InvokeRequest request) {
        synchronized (this) {
            if (events >= MAX_EVENTS || bytes + request.payload().size() > MAX_BYTES) {
                throw LambdaErrors.tooMany(
                        "Rate Exceeded. Too many events wait for their asynchronous invocation; try again later.",
                        "ConcurrentInvocationLimitExceeded");
            }
            events++;
            bytes += request.payload().size();
        }
        holding(new Event(function, request, 0, 0), event -> later(event, Duration.ZERO));
    }

    /** Does something with an event that is counted; whatever comes of it, it is no longer unless it waits. */
    private void holding(Event event, Step step) {
        boolean waits = false;
        try {
            waits = step.waits(event);
        } finally {
            if (!waits) {
                done(event);
            }
        }
    }

    private interface Step {
        /** Whether the event waits afterwards. */
        boolean waits(Event event);
    }

    private boolean later(Event event, Duration wait) {
        try {
            threads.run(wait, () -> holding(event, this::invoke));
            return true;
        } catch (RejectedExecutionException stopped) {
            return lost(event, "this process stops");
        }
    }

    /** Errors, too, would be seen by nobody else. */
    private boolean invoke(Event event) {
        try {
            return attempt(event);
        } catch (InterruptedException stopped) {
            return lost(event, "this process stops");
        } catch (RuntimeException | Error unexpected) {
            LOG.error("An asynchronous invocation failed", unexpected);
            return lost(event, "of an error of Shardmill's");
        }
    }

    private boolean attempt(Event event) throws InterruptedException {
        FunctionRef function = event.function();
        try {
            InvokeResponse response = functions.invoke(function.name(), function.qualifier(), event.request());
            if (response.functionError() == null) {
                return false;
            } else if (event.failures() < RETRIES.size()) {
                return later(event.failed(), RETRIES.get(event.failures()));
            }
            return lost(event, "the function failed at all of its attempts");
        } catch (NotInvokedException notInvoked) {
            if (functions.describe(function.name(), function.qualifier()).isEmpty()) {
                return lost(event, "there is no such function any more");
            } else if (event.refusals() < MAX_REFUSALS) {
                return later(event.refused(), waitAfter(event.refusals()));
            }
            return lost(event, notInvoked.reason());
        }
    }

    private static Duration waitAfter(int refusals) {
        Duration doubled = Duration.ofSeconds(1L << Math.min(refusals, 10));
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }

    private static boolean lost(Event event, String why) {
        LOG.warn(
                "Event {} for function '{}' is lost: {}",
                event.request().requestId(),
                event.function().name(),
                why);
        return false;
    }

    private synchronized void done(Event event) {
        events--;
        bytes -= event.request().payload().size();
    }

    /** Forgets the events that wait, and interrupts those that run. */
    @Override
    public void close() {
        int waiting = threads.stop();
        if (waiting > 0) {
            LOG.warn("{} events that waited for their asynchronous invocation are lost", waiting);
        }
    }
}
