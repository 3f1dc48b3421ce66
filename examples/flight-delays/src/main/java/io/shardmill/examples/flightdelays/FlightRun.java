package io.shardmill.examples.flightdelays;

import io.shardmill.examples.flightdelays.FlightFile.Line;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.control.Mappings;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Fills the stream, shows how its records flow, and reports when all are through. */
@Component
class FlightRun implements ApplicationRunner, ApplicationListener<ContextClosedEvent>, DisposableBean {

    private static final Duration SHOW_INTERVAL = Duration.ofMillis(500);
    private static final int SHOWN_AIRPORTS = 10;
    private static final int ENOUGH_FLIGHTS = 50;

    private final FlightFile file;
    private final FlightLoader loader;
    private final Mappings mappings;
    private final RunCounters counters;
    private final Audit audit;
    private final Environment environment;
    private volatile boolean isStopping;
    private volatile @Nullable String lastLine;

    FlightRun(
            FlightFile file,
            FlightLoader loader,
            Mappings mappings,
            RunCounters counters,
            Audit audit,
            Environment environment) {
        this.file = file;
        this.loader = loader;
        this.mappings = mappings;
        this.counters = counters;
        this.audit = audit;
        this.environment = environment;
    }

    /** Comes before anything stops. */
    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        isStopping = true;
    }

    /** Ends early when the application is stopped: the next start resumes from the checkpoints. */
    @Override
    public void run(ApplicationArguments arguments) {
        try {
            deliver(arguments);
        } catch (RuntimeException failure) {
            if (!isStopping) {
                throw failure;
            }
        }
    }

    private void deliver(ApplicationArguments arguments) {
        PrintStream out = System.out;
        Instant begin = Instant.now();
        List<Line> lines = file.lines();
        Progress progress = Progress.onConsole(counters);
        int put = loader.fill(lines, inStream -> progress.showFill(inStream, lines.size()));
        progress.end();
        out.printf(
                Locale.ROOT,
                put == 0
                        ? "  All %2$,d flights are in the stream already: delivering those that no run before has delivered%n"
                        : "  Put %,d of %,d flights into the stream%n",
                put,
                lines.size());
        boolean wasPaused = false;
        // One wait, not one for each line shown: at a Kinesis shard's tip an answer may take longer than a line.
        CompletableFuture<Void> drained = mappings.drained(mappings.names().get(0));
        while (!isDone(drained)) {
            boolean isPaused = isPaused();
            if (!isPaused) {
                progress.show(Progress.recordsBehind(mappings));
            } else if (!wasPaused) {
                out.println("  The mapping is paused, also across restarts, until it is resumed: curl -X POST"
                        + " http://localhost:" + port() + "/actuator/shardmill/"
                        + mappings.names().get(0)
                        + " -H 'Content-Type: application/json' -d '{\"action\": \"resume\"}'");
            }
            wasPaused = isPaused;
        }
        progress.end();
        if (isStopping) {
            return;
        }
        Duration took = Duration.between(begin, Instant.now());
        Report report = new Report(
                audit.mostDelayed(SHOWN_AIRPORTS, ENOUGH_FLIGHTS),
                lines.size(),
                counters,
                audit.lost(lines.size()),
                took);
        out.println(report.text());
        if (arguments.containsOption("exit-when-drained")) {
            lastLine = report.result();
        } else {
            out.println(report.result());
            out.println("\n  Serving until stopped (Ctrl+C); try http://localhost:" + port() + "/actuator/shardmill");
        }
    }

    /** When all has stopped, so that a run that exits ends with the line for machines. */
    @Override
    public void destroy() {
        if (lastLine != null) {
            System.out.println(lastLine);
        }
    }

    /** Waits as long as a line is shown. */
    private static boolean isDone(CompletableFuture<Void> drained) {
        try {
            drained.get(SHOW_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (InterruptedException | ExecutionException unable) {
            throw new IllegalStateException("The flights are not all delivered", unable);
        }
    }

    private boolean isPaused() {
        return mappings.names().stream()
                .allMatch(name -> mappings.describe(name).join().state() == MappingStatus.State.DISABLED);
    }

    private @Nullable String port() {
        return environment.getProperty("local.server.port");
    }
}
