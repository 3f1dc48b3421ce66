package io.shardmill.poller.assignment;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.ShardGroup.Assigned;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's part where the stream's own group says which shards are this process's. That no other process owns them any more
 * is for the processes on the same database to say: a shard is taken when both agree. Thread-safe.
 */
public final class GroupParticipation implements Assignment.Participation {

    private final Assignment.Participation processes;
    private final ShardGroup.Membership group;

    private GroupParticipation(Assignment.Participation processes, ShardGroup.Membership group) {
        this.processes = processes;
        this.group = group;
    }

    /**
     * Takes part.
     *
     * @param store identifies the store of the checkpoint rows
     * @param changed as for {@link Assignment#join}
     */
    public static GroupParticipation join(
            Assignment processes, MappingKey mapping, ShardGroup group, String store, Runnable changed) {
        Assignment.Participation own = processes.join(mapping, changed);
        own.ask(false); // it is not for the processes to share them
        try {
            return new GroupParticipation(own, group.join(rows(store, mapping), changed));
        } catch (RuntimeException | Error unable) {
            own.close();
            throw unable;
        }
    }

    /** A mapping or a stream under another name has other rows. */
    private static String rows(String store, MappingKey mapping) {
        String names = String.join("\n", store, mapping.namespace(), mapping.mapping(), mapping.stream());
        return UUID.nameUUIDFromBytes(names.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @Override
    public Share share() {
        Share own = processes.share();
        group.ask(!own.isDraining());
        Assigned assigned = group.assigned();
        Set<String> handOver = new HashSet<>(own.handOver());
        assigned.revoked().stream().filter(shard -> isOwn(own, shard)).forEach(handOver::add);
        return new Share(
                own.owner(),
                own.isKnown()
                        && (assigned.isKnown()
                                || own.isDraining()), // who has left the group still gives up what it owns
                own.isDraining(),
                own.free(),
                own.isDraining() ? Set.of() : assigned.shards(),
                handOver,
                own.elsewhere());
    }

    /** A process that has the database for itself owns whatever it consumes. */
    private static boolean isOwn(Share share, String shard) {
        Acquisition acquisition = share.acquisition(shard);
        return !share.isShared() || (acquisition != null && acquisition.kind() == Acquisition.Kind.KEPT);
    }

    @Override
    public Map<String, GroupPosition> positions() {
        return group.assigned().positions();
    }

    @Override
    public @Nullable String problem() {
        return group.problem();
    }

    @Override
    public void supersede() {
        group.supersede();
    }

    /** The group keeps a paused mapping's shards with this process. */
    @Override
    public void ask(boolean forShards) {}

    @Override
    public void close() {
        try (processes) {
            group.close();
        }
    }
}
