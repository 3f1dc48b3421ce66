package io.shardmill.spring;

import io.shardmill.poller.control.Mappings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks mappings how they stand. A mapping answers inside its turns, which may wait for a database or a stream. */
final class MappingReports {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Mappings mappings;

    MappingReports(Mappings mappings) {
        this.mappings = mappings;
    }

    /** All of them by name, asked at the same time. */
    Map<String, MappingReport> all() {
        Map<String, CompletableFuture<MappingReport>> asked = new LinkedHashMap<>();
        mappings.names().forEach(name -> asked.put(name, mappings.describe(name).thenApply(MappingReport::of)));
        Map<String, MappingReport> reports = new LinkedHashMap<>();
        asked.forEach((name, report) -> reports.put(name, await(name, report)));
        return reports;
    }

    /** @throws IllegalArgumentException if there is no such mapping */
    MappingReport one(String name) {
        return await(name, mappings.describe(name).thenApply(MappingReport::of));
    }

    private static MappingReport await(String name, CompletableFuture<MappingReport> report) {
        try {
            return report.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException("Mapping '" + name + "' does not answer within " + PATIENCE, late);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Mapping '" + name + "' can't be described: " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", interrupted);
        }
    }
}
