package io.shardmill.poller.internal.lease;

import io.shardmill.poller.assignment.Assignment;
import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares shards among the processes that have the same database and namespace. Each process looks at the members and at the
 * owners of shards, works out who should have what, and takes and hands over its own part: nobody commands. Thread-safe.
 */
public final class DatabaseLeases implements Assignment {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLeases.class);

    private final class Part implements Participation {

        private final MappingKey mapping;
        private final Runnable changed;
        private volatile boolean isAsking = true;
        private volatile Share share;

        Part(MappingKey mapping, Runnable changed) {
            this.mapping = mapping;
            this.changed = changed;
            this.share = Share.unknown(membership.id());
        }

        @Override
        public Share share() {
            return share;
        }

        @Override
        public void ask(boolean forShards) {
            if (isAsking != forShards) {
                isAsking = forShards;
                lookSoon();
            }
        }

        @Override
        public void close() {
            parts.remove(mapping, this);
            lookSoon();
        }

        void become(Share next, boolean isRedefined) {
            boolean isChanged = !next.equals(share);
            share = next;
            if (isChanged || isRedefined) {
                changed.run();
            }
        }
    }

    private final EngineStores stores;
    private final MemberStores members;
    private final String namespace;
    private final LeaseTimes times;
    private final LeaseThreads threads;
    private final Membership membership;
    private final Liveness liveness;
    private final LeaseGroup group;
    private final Map<MappingKey, Part> parts = new ConcurrentHashMap<>();
    private final AtomicBoolean isLookDue = new AtomicBoolean();

    /** Identifies the time from a start to the next stop; a look that was planned in an earlier one is the last. */
    private volatile Object run = new Object();

    // Touched by the looking thread only.
    private Map<String, Long> definitions = Map.of();
    private @Nullable MemberRow described;
    private boolean isFailing;

    /**
     * @param stores with members
     * @param ids gives names under which this process owns shards, each once
     */
    public DatabaseLeases(
            EngineStores stores, String namespace, LeaseTimes times, LeaseThreads threads, Supplier<String> ids) {
        this.stores = stores;
        this.members = Objects.requireNonNull(stores.members(), "members");
        this.namespace = namespace;
        this.times = times;
        this.threads = threads;
        this.liveness = new Liveness(2 * times.heartbeatMillis());
        this.membership = new Membership(members.heartbeats(), namespace, times, threads, ids, this::membershipChanged);
        this.group = new LeaseGroup(membership, times, threads.clock(), this::lookSoon);
    }

    @Override
    public Participation join(MappingKey mapping, Runnable changed) {
        if (membership.start()) {
            Object begun = new Object();
            run = begun;
            nextLook(begun, 0);
        }
        Part part = new Part(mapping, changed);
        parts.put(mapping, part);
        lookSoon();
        return part;
    }

    @Override
    public boolean mayInvoke(String owner) {
        return membership.isCertain(owner);
    }

    @Override
    public void leave() {
        group.left();
        membership.leave();
    }

    @Override
    public Optional<ReplicaGroup> replicas() {
        return Optional.of(group);
    }

    /** After this process was fenced off, what it consumes is no more its own; after it has joined, it can have shards. */
    private void membershipChanged() {
        dropShares();
        lookSoon();
    }

    private synchronized void dropShares() {
        if (!membership.isJoined()) {
            parts.values().forEach(part -> part.become(Share.unknown(membership.id()), false));
        }
    }

    private void lookSoon() {
        if (membership.isRunning() && isLookDue.compareAndSet(false, true)) {
            try {
                threads.looks().execute(this::lookIfDue);
            } catch (RejectedExecutionException closed) {
                LOG.debug("Closed", closed);
            }
        }
    }

    private void lookIfDue() {
        if (isLookDue.compareAndSet(true, false)) {
            look();
        }
    }

    private void nextLook(Object begun, long millis) {
        if (!membership.isRunning() || begun != run) {
            return;
        }
        try {
            threads.timer()
                    .at(threads.clock().millis() + millis, () -> threads.looks().execute(() -> lookAndGoOn(begun)));
        } catch (RejectedExecutionException closed) {
            LOG.debug("Closed", closed);
        }
    }

    private void lookAndGoOn(Object begun) {
        isLookDue.set(false);
        boolean isInMotion = false;
        try {
            isInMotion = look();
        } finally {
            nextLook(begun, isInMotion ? times.hurriedLookMillis() : times.lookMillis());
        }
    }

    /** Returns whether shards are on their way from one process to another. */
    private boolean look() {
        if (!membership.isJoined()) {
            return false;
        }
        try {
            String id = membership.id();
            describe(id);
            Map<String, Long> defined = stores.mappings().versions(namespace);
            // In this order: whoever owns a shard of these was a member before, so an owner that is no member is dead.
            List<ShardOwnership> shards = stores.checkpoints().unfinished(namespace);
            Division division = Division.of(living(members.members().members(namespace)), shards);
            if (isFailing) {
                LOG.info("The other processes can be seen again");
                isFailing = false;
            }
            MemberRow own = division.member(id);
            if (own == null || !publish(id, division, changedSince(defined))) {
                return false; // the next heartbeat finds that out, or has
            }
            definitions = defined;
            describeAgainUnless(own);
            group.see(own, division);
            return division.isInMotion();
        } catch (RuntimeException unreachable) {
            liveness.interrupted();
            if (!isFailing && membership.isRunning()) { // and not in the middle of a stop
                LOG.warn("The other processes can't be seen; no shard is taken: {}", unreachable.getMessage());
                isFailing = true;
            }
            return false;
        }
    }

    private void describe(String id) {
        MemberRow next = new MemberRow(id, 0, times.timeToLiveMillis(), asking(), group.isToDrain());
        if (!next.equals(described)) {
            members.members().describe(namespace, id, next.mappings(), next.isDraining());
            described = next;
        }
    }

    /** The row may lack what was written: the database was restored from an older state. */
    private void describeAgainUnless(MemberRow own) {
        if (described != null
                && !(own.mappings().equals(described.mappings()) && own.isDraining() == described.isDraining())) {
            described = null;
        }
    }

    private Set<MappingKey> asking() {
        return parts.values().stream()
                .filter(part -> part.isAsking)
                .map(part -> part.mapping)
                .collect(Collectors.toSet());
    }

    /** Removes the dead. */
    private List<MemberRow> living(List<MemberRow> rows) {
        List<MemberRow> dead = liveness.dead(rows, threads.clock().millis());
        for (MemberRow member : dead) {
            LOG.info(
                    "Process {} is dead: it has sent no heartbeat for {} ms. Its shards are taken over",
                    member.id(),
                    member.timeToLiveMillis());
            members.members().remove(namespace, member.id(), member.version());
        }
        return dead.isEmpty() ? rows : members.members().members(namespace);
    }

    private Set<String> changedSince(Map<String, Long> defined) {
        Set<String> changed = new HashSet<>(defined.keySet());
        changed.addAll(definitions.keySet());
        changed.removeIf(
                mapping -> defined.containsKey(mapping) && defined.get(mapping).equals(definitions.get(mapping)));
        return changed;
    }

    /** Returns false if this process was fenced off meanwhile, and has another id. */
    private synchronized boolean publish(String id, Division division, Set<String> redefined) {
        boolean isStill = id.equals(membership.id());
        if (isStill) {
            parts.forEach((mapping, part) ->
                    part.become(division.share(id, mapping, part.share()), redefined.contains(mapping.mapping())));
        }
        return isStill;
    }
}
