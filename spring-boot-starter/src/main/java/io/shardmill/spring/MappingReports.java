package io.shardmill.spring;

import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.control.UnknownMappingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reports on mappings. Answers at once: a mapping's shards are asked, which never block, and its last snapshot is read. */
final class MappingReports {

    private final Mappings mappings;

    MappingReports(Mappings mappings) {
        this.mappings = mappings;
    }

    /** Returns all of them by name, asked at the same time. */
    Map<String, MappingReport> all() {
        Map<String, CompletableFuture<MappingStatus>> asked = new LinkedHashMap<>();
        mappings.names().forEach(name -> find(name).ifPresent(status -> asked.put(name, status)));
        Map<String, MappingReport> reports = new LinkedHashMap<>();
        asked.forEach((name, status) -> reports.put(name, MappingReport.of(status.join())));
        return reports;
    }

    /** Empty for a mapping that was deleted in this moment. */
    private Optional<CompletableFuture<MappingStatus>> find(String name) {
        try {
            return Optional.of(mappings.describe(name));
        } catch (UnknownMappingException deleted) {
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException if there is no such mapping */
    MappingReport one(String name) {
        return MappingReport.of(mappings.describe(name).join());
    }
}
