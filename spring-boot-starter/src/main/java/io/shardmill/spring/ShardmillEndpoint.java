package io.shardmill.spring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.assignment.ReplicaStatus;
import io.shardmill.poller.control.Mappings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * The actuator endpoint {@code shardmill}: shows mappings and replicas, pauses, resumes and replays mappings, drains this
 * replica, and gives damaged records of a shard up. Wrong requests are {@link IllegalArgumentException}s, which {@link ShardmillWebEndpoint} makes into HTTP's answers.
 */
@Endpoint(id = "shardmill")
public final class ShardmillEndpoint {

    /** How long a change is waited for. */
    static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(10);

    private final Mappings mappings;
    private final MappingReports reports;
    private final DamagedShards shards;

    ShardmillEndpoint(Mappings mappings, DamagedShards shards) {
        this.mappings = mappings;
        this.shards = shards;
        this.reports = new MappingReports(mappings);
    }

    /**
     * What the endpoint shows of all mappings.
     *
     * @param mappings by name
     * @param damagedShards what is damaged, by stream and shard
     * @param replicas those that share shards; left out if the database can have one process only
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AllMappings(
            Map<String, MappingReport> mappings,
            Map<String, List<String>> damagedShards,
            @Nullable ReplicasReport replicas) {}

    /**
     * What has come of a change that was accepted.
     *
     * @param done it is carried out; if not, it will be as soon as the running invocations have returned, in this run of the
     *     application or a later one
     */
    public record Change(String mapping, String action, boolean done, String message) {}

    /** All mappings. */
    @ReadOperation
    public AllMappings mappings() {
        Map<String, List<String>> damaged = new TreeMap<>();
        shards.all().forEach((shard, damages) -> damaged.put(shard.toString(), damages));
        return new AllMappings(
                reports.all(),
                damaged,
                mappings.replicas()
                        .map(group -> ReplicasReport.of(group.status()))
                        .orElse(null));
    }

    /**
     * One mapping.
     *
     * @param mapping its name, or that of its function if no other mapping has the function
     */
    @ReadOperation
    public MappingReport mapping(@Selector String mapping) {
        return reports.one(mappings.nameOf(mapping));
    }

    /**
     * Changes a mapping.
     *
     * @param mapping as for {@link #mapping}
     * @param action pause, resume or replay
     * @param from where a replay begins: TRIM_HORIZON, a time, or a sequence number
     */
    @WriteOperation
    public Change change(@Selector String mapping, @Nullable String action, @Nullable String from) {
        String name = mappings.nameOf(mapping);
        EndpointAction known = EndpointAction.of(action);
        boolean done = await(known.toString(), known.begin(mappings, name, from));
        return new Change(
                name,
                known.toString(),
                done,
                done ? "Done" : "Stored: it is carried out when the running invocations have returned");
    }

    private static boolean await(String action, CompletableFuture<Void> change) {
        try {
            change.get(CHANGE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IllegalArgumentException invalid
                    ? invalid
                    : new IllegalStateException("Could not " + action + ": " + failed.getCause(), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", interrupted);
        }
    }

    /**
     * What has come of a change of this replica.
     *
     * @param done it is carried out; if not, it will be
     */
    public record ReplicaChange(String replica, String action, boolean done, String message) {}

    /**
     * Changes this replica, until it is changed again or ends.
     *
     * @param action drain: gives its shards to the other replicas, and takes none; or resume
     */
    @WriteOperation
    public ReplicaChange changeReplica(@Nullable String action) {
        ReplicaAction known = ReplicaAction.of(action);
        ReplicaGroup group = mappings.replicas()
                .orElseThrow(() -> new IllegalArgumentException("There can be no other replica to take the shards: the"
                        + " checkpoints are in a database of this process. Pause the mappings instead, or keep the"
                        + " checkpoints in PostgreSQL"));
        boolean done = await(known.toString(), known.begin(group));
        ReplicaStatus status = group.status();
        return new ReplicaChange(status.id(), known.toString(), done, message(status, done));
    }

    private static String message(ReplicaStatus status, boolean done) {
        String nobody = status.isEveryoneDraining()
                ? ". All replicas are draining: nothing is consumed until one of them is resumed, or another one is started"
                : "";
        return (done ? "Done" : "Accepted: it is carried out when the running invocations have returned") + nobody;
    }

    /**
     * What was given up.
     *
     * @param skipped the damages, in the order they were found; none if the shard was whole
     */
    public record SkippedDamage(String stream, String shard, List<String> skipped) {}

    /**
     * Changes a shard of an embedded stream. Puts wait while its segments are checked.
     *
     * @param action skip-damage: gives the damaged records up, so that reading resumes behind them
     */
    @WriteOperation
    public SkippedDamage changeShard(@Selector String stream, @Selector String shard, @Nullable String action) {
        return new SkippedDamage(stream, shard, shards.change(stream, shard, action));
    }
}
