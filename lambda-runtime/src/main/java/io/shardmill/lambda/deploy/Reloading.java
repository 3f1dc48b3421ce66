package io.shardmill.lambda.deploy;

import io.shardmill.runtime.DaemonThreads;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for changed code twice a second. */
final class Reloading implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);
    private static final long EVERY_MILLIS = 500;
    private static final long CLOSE_TIMEOUT_SECONDS = 2;

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.named("shardmill-reloading-functions"));

    void start(Runnable look) {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(() -> lookOnce(look), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** An exception would end all looking. */
    private static void lookOnce(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException | Error failed) {
            LOG.warn("Could not check whether the code of functions has changed", failed);
        }
    }

    /** Interrupts a look that takes too long: code that is being loaded may hang. One that ignores this is left behind. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                timer.shutdownNow();
                if (!timer.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn(
                            "Loading changed code has not ended {} s after it was interrupted; it is left behind",
                            CLOSE_TIMEOUT_SECONDS);
                }
            }
        } catch (InterruptedException stop) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
