package io.shardmill.spring;

import io.shardmill.poller.control.Mappings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator endpoint {@code shardmill}: shows mappings, and pauses, resumes and replays them. Wrong requests
 * are {@link IllegalArgumentException}s, which {@link ShardmillWebEndpoint} makes into HTTP's answers.
 */
@Endpoint(id = "shardmill")
public final class ShardmillEndpoint {

    private final Mappings mappings;
    private final MappingReports reports;

    ShardmillEndpoint(Mappings mappings) {
        this.mappings = mappings;
        this.reports = new MappingReports(mappings);
    }

    /**
     * What the endpoint shows of all mappings.
     *
     * @param mappings by name
     */
    public record AllMappings(Map<String, MappingReport> mappings) {}

    /**
     * What has come of a change that was accepted.
     *
     * @param done it is carried out; if not, it will be as soon as the running invocations have returned, in this life of the
     *     application or in the next
     */
    public record Change(String mapping, String action, boolean done, String message) {}

    /** All mappings. */
    @ReadOperation
    public AllMappings mappings() {
        return new AllMappings(reports.all());
    }

    /** One mapping. */
    @ReadOperation
    public MappingReport mapping(@Selector String mapping) {
        return reports.one(mapping);
    }

    /**
     * Changes a mapping.
     *
     * @param action pause, resume or replay
     * @param from where a replay begins: TRIM_HORIZON, a time, or a sequence number
     */
    @WriteOperation
    public Change change(@Selector String mapping, @Nullable String action, @Nullable String from) {
        MappingAction known = MappingAction.of(action);
        CompletableFuture<Void> change = known.begin(mappings, mapping, from);
        try {
            change.get(MappingReports.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return new Change(mapping, known.toString(), true, "Done");
        } catch (TimeoutException late) {
            return new Change(
                    mapping,
                    known.toString(),
                    false,
                    "Stored: it is carried out when the running invocations have returned");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IllegalArgumentException invalid
                    ? invalid
                    : new IllegalStateException("Could not " + known + ": " + failed.getCause(), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", interrupted);
        }
    }

    List<String> names() {
        return mappings.names();
    }
}
