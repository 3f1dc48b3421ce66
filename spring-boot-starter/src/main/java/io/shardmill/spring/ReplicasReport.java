package io.shardmill.spring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.shardmill.poller.assignment.ReplicaStatus;
import io.shardmill.poller.assignment.ReplicaStatus.Member;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The replicas as the endpoint of one of them shows them.
 *
 * @param self under which of the ids it owns shards itself; another one after other replicas took it for dead
 * @param draining whether it is to have no shards
 * @param fencedOff whether it invokes nothing, because the other replicas may have taken it for dead
 * @param heartbeatAgeMillis how long ago its last heartbeat that succeeded was sent
 * @param seenMillisAgo how long ago it has read the living ones; left out if it has not
 * @param living the living ones by id, with itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplicasReport(
        String self,
        boolean draining,
        boolean fencedOff,
        long heartbeatAgeMillis,
        @Nullable Long seenMillisAgo,
        Map<String, ReplicaReport> living) {

    /**
     * A replica.
     *
     * @param shards how many unfinished shards it owns, of all mappings
     * @param draining whether it is to have none
     */
    public record ReplicaReport(int shards, boolean draining) {}

    static ReplicasReport of(ReplicaStatus status) {
        Map<String, ReplicaReport> living = new LinkedHashMap<>();
        for (Member member : status.members()) {
            living.put(member.id(), new ReplicaReport(member.shards(), member.isDraining()));
        }
        return new ReplicasReport(
                status.id(),
                status.isDraining(),
                status.isFencedOff(),
                status.heartbeatAgeMillis(),
                status.seenMillisAgo(),
                living);
    }
}
