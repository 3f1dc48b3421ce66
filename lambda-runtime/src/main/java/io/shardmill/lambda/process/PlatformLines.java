package io.shardmill.lambda.process;

import java.time.Instant;
import java.util.Locale;

/** The lines that the platform itself writes to a function's log, in Lambda's words. */
final class PlatformLines {

    private static final double NANOS_PER_MILLI = 1_000_000;

    private final FunctionLog log;
    private final ProcessFunctionSettings settings;

    PlatformLines(FunctionLog log, ProcessFunctionSettings settings) {
        this.log = log;
        this.settings = settings;
    }

    void start(InvokeRequest request) {
        log.platform("START RequestId: " + request.requestId() + " Version: "
                + settings.identity().version());
    }

    /** @param initNanos 0 if there was no init phase, or it failed */
    void end(InvokeRequest request, long durationNanos, long initNanos, long peakMegabytes) {
        log.platform("END RequestId: " + request.requestId());
        long billed = (long) Math.ceil(durationNanos / NANOS_PER_MILLI);
        log.platform(String.format(
                Locale.ROOT,
                "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB\t%s",
                request.requestId(),
                durationNanos / NANOS_PER_MILLI,
                billed,
                settings.limits().memoryMegabytes(),
                peakMegabytes,
                initNanos == 0
                        ? ""
                        : String.format(Locale.ROOT, "Init Duration: %.2f ms\t", initNanos / NANOS_PER_MILLI)));
    }

    void initFailed(String phase, RuntimeSession.Waited waited, long nanos) {
        boolean late = waited == RuntimeSession.Waited.LATE;
        initFailed(phase, late ? "timeout" : "error", late ? "" : "Runtime.ExitError", nanos);
    }

    void initFailed(String phase, String status, String errorType, long nanos) {
        log.platform(String.format(
                Locale.ROOT,
                "INIT_REPORT Init Duration: %.2f ms\tPhase: %s\tStatus: %s%s",
                nanos / NANOS_PER_MILLI,
                phase,
                status,
                errorType.isEmpty() ? "" : "\tError Type: " + errorType));
    }

    void timedOut(InvokeRequest request) {
        log.platform(String.format(
                Locale.ROOT,
                "%s %s Task timed out after %.2f seconds",
                Instant.now(),
                request.requestId(),
                settings.limits().timeout().toMillis() / 1000.0));
    }

    void outOfMemory(long kilobytes) {
        log.platform(String.format(
                Locale.ROOT,
                "memory: %d MB; the function's processes were killed because they held %d MB of at most %d MB; raise memory",
                settings.limits().memoryMegabytes(),
                kilobytes / 1024,
                settings.memoryLimitKilobytes() / 1024));
    }

    void failed(FunctionError error) {
        log.platform(error.message() + "\n" + error.type());
    }

    void givenUp(InvokeRequest request) {
        log.platform("RequestId: " + request.requestId() + " Error: given up by its invoker, and its process killed");
    }
}
