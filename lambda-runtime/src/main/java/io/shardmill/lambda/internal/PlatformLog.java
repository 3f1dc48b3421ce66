package io.shardmill.lambda.internal;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.InvokeRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes the platform's own lines to a function's log, in Lambda's words. */
public final class PlatformLog {

    private static final double NANOS_PER_MILLI = 1_000_000;

    private final FunctionRevision revision;
    private final Consumer<String> lines;
    private final Consumer<String> routine;

    /** @param lines gets each line, without its line end */
    public PlatformLog(FunctionRevision revision, Consumer<String> lines) {
        this(revision, lines, lines);
    }

    /**
     * @param lines gets each line that says what went wrong, without its line end
     * @param routine gets the lines of every invocation
     */
    public PlatformLog(FunctionRevision revision, Consumer<String> lines, Consumer<String> routine) {
        this.revision = revision;
        this.lines = lines;
        this.routine = routine;
    }

    /**
     * The time and memory of an invocation.
     *
     * @param initNanos 0 if there was no init phase, or it failed
     * @param peakMegabytes 0 if that is not known
     */
    public record Usage(long durationNanos, long initNanos, long peakMegabytes) {}

    public void start(InvokeRequest request) {
        routine.accept("START RequestId: " + request.requestId() + " Version: " + revision.version());
    }

    public void end(InvokeRequest request, Usage usage) {
        routine.accept("END RequestId: " + request.requestId());
        double millis = usage.durationNanos() / NANOS_PER_MILLI;
        StringBuilder report = new StringBuilder(String.format(
                Locale.ROOT,
                "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\t",
                request.requestId(),
                millis,
                (long) Math.ceil(millis),
                configuration().memoryMegabytes()));
        if (usage.peakMegabytes() > 0) {
            report.append("Max Memory Used: ").append(usage.peakMegabytes()).append(" MB\t");
        }
        if (usage.initNanos() > 0) {
            report.append(String.format(Locale.ROOT, "Init Duration: %.2f ms\t", usage.initNanos() / NANOS_PER_MILLI));
        }
        routine.accept(report.toString());
    }

    private FunctionConfiguration configuration() {
        return revision.configuration();
    }

    /**
     * Reports an init that failed.
     *
     * @param phase {@code init}, or {@code invoke} when it is repeated within the invocation
     * @param errorType empty if it took too long
     */
    public void initFailed(String phase, String errorType, long nanos) {
        lines.accept(initReport(phase, errorType, nanos));
    }

    /** Reports an init that failed for a reason which the function has given, and so need not be said again. */
    public void initReported(String phase, String errorType, long nanos) {
        routine.accept(initReport(phase, errorType, nanos));
    }

    private static String initReport(String phase, String errorType, long nanos) {
        return String.format(
                Locale.ROOT,
                "INIT_REPORT Init Duration: %.2f ms\tPhase: %s\tStatus: %s",
                nanos / NANOS_PER_MILLI,
                phase,
                errorType.isEmpty() ? "timeout" : "error\tError Type: " + errorType);
    }

    public void timedOut(InvokeRequest request) {
        lines.accept(Instant.now() + " " + request.requestId() + " " + FunctionError.timeoutText(revision.timeout()));
    }

    /**
     * Reports that processes were killed for their memory.
     *
     * @param limitKilobytes of all the function's processes together
     */
    public void outOfMemory(long kilobytes, long limitKilobytes) {
        lines.accept(String.format(
                Locale.ROOT,
                "memory: %d MB; the function's processes were killed because they held %d MB of at most %d MB; raise memory",
                configuration().memoryMegabytes(),
                kilobytes / 1024,
                limitKilobytes / 1024));
    }

    public void failed(FunctionError error) {
        lines.accept(error.message() + "\n" + error.type());
    }

    public void abandoned(InvokeRequest request) {
        lines.accept("RequestId: " + request.requestId() + " Error: abandoned by its caller; its process was killed");
    }
}
