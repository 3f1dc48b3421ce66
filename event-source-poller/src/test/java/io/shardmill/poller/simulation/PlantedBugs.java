package io.shardmill.poller.simulation;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.OpenWindow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.checkpoint.ShardOwnership;
import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.ForwardingMappingStore;
import io.shardmill.poller.testkit.ForwardingReader;
import io.shardmill.poller.testkit.ForwardingStore;
import io.shardmill.runtime.InvocationOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Bugs an engine could well have, each planted between the engine and a port: what crosses it is changed as
 * the bug would have changed it, so that the engine's own code needs no place for them.
 */
final class PlantedBugs {

    private PlantedBugs() {}

    /** A lane's position is taken up by the lane of that number, whatever the factor was when it was saved. */
    static final Plant LANE_POSITION_IGNORES_THE_FACTOR = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new ForwardingStore(store) {
                @Override
                public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
                    return super.takeOver(key, epochs, owner).stream()
                            .map(this::misread)
                            .toList();
                }

                private CheckpointRow misread(CheckpointRow row) {
                    int factor = process.settings.batching().parallelizationFactor();
                    List<LaneFact> ahead = row.progress().ahead().stream()
                            .filter(fact -> fact.lane() < factor)
                            .map(fact -> new LaneFact(fact.lane(), factor, fact.through()))
                            .toList();
                    Progress changed = new Progress(
                            row.progress().watermark(), ahead, row.progress().heads());
                    return new CheckpointRow(
                            row.shard(), row.state(), row.start(), changed, row.parents(), row.epoch());
                }
            };
        }
    };

    /** Nothing remembers which store was there: any other is taken for it. */
    static final Plant ANY_STORE_IS_TAKEN = new Plant() {
        @Override
        public @Nullable StoreMark lastSeen(@Nullable StoreMark mark) {
            return null;
        }
    };

    /** The watermark is saved as the highest position of any lane. */
    static final Plant WATERMARK_AT_THE_HIGHEST = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new ForwardingStore(store) {
                @Override
                public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
                    List<CheckpointUpdate> changed =
                            updates.stream().map(PlantedBugs::atTheHighest).toList();
                    List<CheckpointUpdate> lost = super.save(changed);
                    return updates.stream()
                            .filter(update -> lost.contains(atTheHighest(update)))
                            .toList();
                }
            };
        }
    };

    private static CheckpointUpdate atTheHighest(CheckpointUpdate update) {
        SequenceNumber highest = update.progress().watermark();
        for (LaneFact fact : update.progress().ahead()) {
            highest = highest == null || fact.through().isAfter(highest) ? fact.through() : highest;
        }
        Progress changed = new Progress(highest, List.of(), update.progress().heads());
        return new CheckpointUpdate(
                update.key(), update.shard(), update.owner(), update.epoch(), update.state(), changed);
    }

    /** A window's state is saved one batch behind the watermark. */
    static final Plant STATE_ONE_BATCH_BEHIND = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            Map<String, OpenWindow> last = new HashMap<>();
            return new ForwardingStore(store) {
                @Override
                public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
                    List<CheckpointUpdate> changed =
                            updates.stream().map(this::oneBatchBehind).toList();
                    List<CheckpointUpdate> lost = super.save(changed);
                    return IntStream.range(0, updates.size())
                            .filter(index -> lost.contains(changed.get(index)))
                            .mapToObj(updates::get)
                            .toList();
                }

                private CheckpointUpdate oneBatchBehind(CheckpointUpdate update) {
                    Progress progress = update.progress();
                    OpenWindow window = progress.window();
                    if (window == null) {
                        last.remove(update.shard());
                        return update;
                    }
                    OpenWindow before = last.put(update.shard(), window);
                    return new CheckpointUpdate(
                            update.key(),
                            update.shard(),
                            update.owner(),
                            update.epoch(),
                            update.state(),
                            progress.in(before == null ? window : window.with(before.state())));
                }
            };
        }
    };

    /** A change is made on the mapping that runs here, and not on the one that was accepted last. */
    static final Plant CHANGES_ARE_MADE_ON_WHAT_RUNS = new Plant() {
        @Override
        public MappingStore mappings(MappingStore store) {
            return new ForwardingMappingStore(store) {

                private @Nullable StoredMapping running;

                /** Its turns read now and then what other processes have accepted; changes are made on what they read. */
                @Override
                public Optional<StoredMapping> find(String namespace, String name) {
                    Optional<StoredMapping> found = super.find(namespace, name);
                    if (running == null || (found.isPresent() && found.get().version() % 3 == 0)) {
                        running = found.orElse(null);
                    }
                    return Optional.ofNullable(running);
                }

                @Override
                public boolean update(String namespace, StoredMapping mapping) {
                    long version =
                            super.find(namespace, mapping.name()).orElseThrow().version() + 1;
                    return super.update(
                            namespace,
                            new StoredMapping(
                                    mapping.name(),
                                    mapping.document(),
                                    mapping.enabled(),
                                    mapping.deleted(),
                                    mapping.replay(),
                                    mapping.lastModified(),
                                    version));
                }
            };
        }
    };

    /** A batch counts as done when it is handed over, not when the function has returned. */
    static final Plant ACKNOWLEDGED_BEFORE_THE_OUTCOME = new Plant() {
        @Override
        public BatchInvoker invoker(BatchInvoker invoker, EventSourceMapping mapping) {
            return (invocation, listener, later) -> {
                invoker.invoke(invocation, listener, outcome -> {});
                return Completion.here(new InvocationOutcome.Succeeded());
            };
        }
    };

    /** Memory that runs out while the event is built counts as an attempt of the function's. */
    static final Plant FULL_MEMORY_COUNTS_AS_AN_ATTEMPT = new Plant() {
        @Override
        public BatchInvoker invoker(BatchInvoker invoker, EventSourceMapping mapping) {
            return (invocation, listener, later) -> {
                try {
                    return invoker.invoke(invocation, listener, later);
                } catch (OutOfMemoryError full) {
                    return Completion.here(InvocationOutcome.Failure.threw(full));
                }
            };
        }
    };

    /** A call that is past its deadline counts as returned. */
    static final Plant RETRY_BESIDE_A_STUCK_HANDLER = new Plant() {
        @Override
        public BatchInvoker invoker(BatchInvoker invoker, EventSourceMapping mapping) {
            return (invocation, listener, later) -> {
                AtomicBoolean answered = new AtomicBoolean();
                Consumer<InvocationOutcome> once = outcome -> {
                    if (answered.compareAndSet(false, true)) {
                        later.accept(outcome);
                    }
                };
                return invoker.invoke(
                        invocation, thread -> once.accept(InvocationOutcome.Failure.timedOut(1_000)), once);
            };
        }
    };

    /** A payload that is no JSON is left out by any filter, also by one that does not ask for the payload. */
    static final Plant FILTERS_WANT_JSON = new Plant() {
        @Override
        public StreamSource source(StreamSource source, EventSourceMapping mapping) {
            return mapping.filters().isEmpty()
                    ? source
                    : new ForwardingSource(source) {
                        @Override
                        public ShardReader open(String shard, Position from, Runnable wake) {
                            return new ForwardingReader(super.open(shard, from, wake)) {
                                @Override
                                public ReadResult read(int maxRecords, int maxBytes) {
                                    ReadResult result = super.read(maxRecords, maxBytes);
                                    return result instanceof ReadResult.Records read ? onlyJson(read) : result;
                                }
                            };
                        }
                    };
        }
    };

    private static ReadResult onlyJson(ReadResult.Records read) {
        return new ReadResult.Records(read.records().stream()
                .filter(record -> record.data().get(0) == '{')
                .toList());
    }

    /** A parent that the stream has forgotten is not waited for, though its records are being delivered. */
    static final Plant CHILD_BESIDE_ITS_FORGOTTEN_PARENT = new Plant() {
        /** Nor do the processes wait for it that share the shards. */
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new ForwardingStore(store) {
                @Override
                public List<ShardOwnership> unfinished(String namespace) {
                    return super.unfinished(namespace).stream()
                            .map(shard -> new ShardOwnership(
                                    shard.mapping(), shard.shard(), shard.owner(), shard.epoch(), List.of()))
                            .toList();
                }
            };
        }

        @Override
        public StreamSource source(StreamSource source, EventSourceMapping mapping) {
            return new ForwardingSource(source) {
                @Override
                public StreamDescription describe() {
                    StreamDescription listing = super.describe();
                    List<String> listed =
                            listing.shards().stream().map(ShardDescription::id).toList();
                    return new StreamDescription(
                            listing.incarnation(),
                            listing.shards().stream()
                                    .map(shard -> new ShardDescription(
                                            shard.id(),
                                            shard.parents().stream()
                                                    .filter(listed::contains)
                                                    .toList()))
                                    .toList());
                }
            };
        }
    };

    /** Children don't know their parents. */
    static final Plant CHILD_BEFORE_ITS_PARENT = new Plant() {
        @Override
        public StreamSource source(StreamSource source, EventSourceMapping mapping) {
            return new ForwardingSource(source) {
                @Override
                public StreamDescription describe() {
                    StreamDescription listing = super.describe();
                    return new StreamDescription(
                            listing.incarnation(),
                            listing.shards().stream()
                                    .map(shard -> new ShardDescription(shard.id(), List.of()))
                                    .toList());
                }
            };
        }
    };

    /** The members are read before the owners of shards: a process that joined and took a shard in between seems to be dead. */
    static final Plant MEMBERS_BEFORE_OWNERS = new Plant() {
        @Override
        public MemberStore members(MemberStore store, SimulatedProcess process) {
            return new ForwardingMembers(store) {
                private List<MemberRow> before = List.of();

                @Override
                public List<MemberRow> members(String namespace) {
                    List<MemberRow> now = super.members(namespace);
                    List<MemberRow> seen = now.stream()
                            .filter(member ->
                                    before.stream().anyMatch(one -> one.id().equals(member.id())))
                            .toList();
                    before = now;
                    return seen;
                }
            };
        }
    };

    /** A process that was taken for dead does not notice it. */
    static final Plant HEARTBEAT_WITHOUT_ANSWER = new Plant() {
        @Override
        public MemberStore members(MemberStore store, SimulatedProcess process) {
            return new ForwardingMembers(store) {
                @Override
                public boolean renew(String namespace, String id) {
                    boolean unused = super.renew(namespace, id);
                    return true;
                }
            };
        }
    };

    /** Heartbeats wait for handlers, and the process does not notice that they do. */
    static final Plant HEARTBEAT_BEHIND_HANDLERS = new Plant() {
        @Override
        public MemberStore members(MemberStore store, SimulatedProcess process) {
            return new ForwardingMembers(store) {
                @Override
                public boolean renew(String namespace, String id) {
                    return process.inFlight > 0 || super.renew(namespace, id);
                }
            };
        }
    };

    /** A member counts as dead when its version was read twice, however soon. */
    static final Plant DEATH_BY_ONE_MISSED_LOOK = new Plant() {
        @Override
        public MemberStore members(MemberStore store, SimulatedProcess process) {
            return new ForwardingMembers(store) {
                @Override
                public List<MemberRow> members(String namespace) {
                    return super.members(namespace).stream()
                            .map(member -> new MemberRow(
                                    member.id(), member.version(), 1, member.mappings(), member.isDraining()))
                            .toList();
                }
            };
        }
    };

    /** A take leaves the epoch as it was, and so does not keep the owner before from saving. */
    static final Plant EPOCH_IS_NOT_RAISED = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new ForwardingStore(store) {
                @Override
                public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
                    List<ShardOwnership> owned = super.unfinished("test");
                    return super.save(
                            updates.stream().map(update -> as(update, owned)).toList());
                }

                private static CheckpointUpdate as(CheckpointUpdate update, List<ShardOwnership> owned) {
                    return owned.stream()
                            .filter(shard -> shard.shard().equals(update.shard()) && shard.owner() != null)
                            .findFirst()
                            .map(now -> new CheckpointUpdate(
                                    update.key(),
                                    update.shard(),
                                    String.valueOf(now.owner()),
                                    now.epoch(),
                                    update.state(),
                                    update.progress(),
                                    update.windowStateChanged()))
                            .orElse(update);
                }
            };
        }
    };

    /** A shard is released before its invocations have returned. */
    static final Plant RELEASED_BEFORE_IT_IS_DRAINED = new Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store, SimulatedProcess process) {
            return new ForwardingStore(store) {
                @Override
                public List<ShardOwnership> unfinished(String namespace) {
                    return super.unfinished(namespace).stream()
                            .map(shard -> new ShardOwnership(
                                    shard.mapping(), shard.shard(), null, shard.epoch(), shard.parents()))
                            .toList();
                }
            };
        }
    };
}
