package io.shardmill.poller.checkpoint;

import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows for as long as the object lives: for tests, and for applications that begin anew at each start. Thread-safe. */
public final class InMemoryCheckpointStore implements CheckpointStore {

    private final String id = UUID.randomUUID().toString();
    private final Map<ShardKey, OwnedRow> rows = new TreeMap<>();
    private final Map<ShardKey, List<LaneFact>> facts = new TreeMap<>();
    private final InstantSource clock;

    public InMemoryCheckpointStore() {
        this(Clock.systemUTC());
    }

    /** @param clock gives epochs */
    public InMemoryCheckpointStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public synchronized List<CheckpointRow> load(MappingKey key) {
        return rows.entrySet().stream()
                .filter(entry -> entry.getKey().mapping().equals(key))
                .map(entry -> withFacts(entry.getKey(), entry.getValue().row()))
                .toList();
    }

    private CheckpointRow withFacts(ShardKey key, CheckpointRow row) {
        return row.with(facts.getOrDefault(key, List.of()));
    }

    @Override
    public synchronized List<MappingKey> mappings(String namespace) {
        return rows.keySet().stream()
                .map(ShardKey::mapping)
                .filter(mapping -> mapping.namespace().equals(namespace))
                .distinct()
                .toList();
    }

    @Override
    public synchronized List<MappingKey> inAllNamespaces(String mapping, String stream) {
        return rows.keySet().stream()
                .map(ShardKey::mapping)
                .filter(key -> key.mapping().equals(mapping) && key.stream().equals(stream))
                .distinct()
                .sorted(Comparator.comparing(MappingKey::namespace).thenComparing(MappingKey::incarnation))
                .toList();
    }

    @Override
    public synchronized void create(MappingKey key, List<CheckpointRow> added) {
        for (CheckpointRow row : added) {
            rows.putIfAbsent(new ShardKey(key, row.shard()), new OwnedRow(row, null));
        }
    }

    @Override
    public synchronized List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
        List<CheckpointRow> taken = new ArrayList<>();
        new TreeMap<>(epochs).forEach((shard, epoch) -> {
            ShardKey taking = new ShardKey(key, shard);
            OwnedRow current = rows.get(taking);
            if (current != null && current.row().epoch() == epoch) {
                CheckpointRow next = current.row().underEpochAfter(epoch, clock.instant());
                rows.put(taking, new OwnedRow(next, owner));
                taken.add(withFacts(taking, next));
            }
        });
        return taken;
    }

    @Override
    public synchronized void release(MappingKey key, Map<String, Long> epochs, String owner) {
        epochs.forEach((shard, epoch) -> {
            OwnedRow current = rows.get(new ShardKey(key, shard));
            if (current != null && current.isHeldBy(owner, epoch)) {
                rows.put(new ShardKey(key, shard), new OwnedRow(current.row(), null));
            }
        });
    }

    @Override
    public synchronized List<ShardOwnership> unfinished(String namespace) {
        List<ShardOwnership> unfinished = new ArrayList<>();
        rows.forEach((key, owned) -> {
            CheckpointRow row = owned.row();
            if (key.mapping().namespace().equals(namespace) && row.state() == ShardState.READING) {
                unfinished.add(
                        new ShardOwnership(key.mapping(), row.shard(), owned.owner(), row.epoch(), row.parents()));
            }
        });
        return unfinished;
    }

    @Override
    public synchronized List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        List<CheckpointUpdate> lost = new ArrayList<>();
        for (CheckpointUpdate update : updates) {
            ShardKey key = new ShardKey(update.key(), update.shard());
            OwnedRow current = rows.get(key);
            if (current != null
                    && current.isHeldBy(update.owner(), update.epoch())
                    && hasWindowState(current.row(), update)
                    && update.committed().stream().allMatch(fact -> isThere(key, fact))) {
                rows.put(key, new OwnedRow(updated(current.row(), update), current.owner()));
            } else {
                lost.add(update);
            }
        }
        return List.copyOf(lost);
    }

    @Override
    public synchronized void replace(MappingKey key, List<CheckpointRow> replacements) {
        for (CheckpointRow row : replacements) {
            ShardKey replaced = new ShardKey(key, row.shard());
            facts.remove(replaced);
            OwnedRow old = rows.get(replaced);
            long epoch = old == null ? 0 : old.row().epoch();
            rows.put(replaced, new OwnedRow(row.underEpochAfter(epoch, clock.instant()), null));
        }
    }

    @Override
    public synchronized List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> replacements) {
        List<CheckpointRow> seen = replacements.stream()
                .filter(row -> {
                    OwnedRow current = rows.get(new ShardKey(key, row.shard()));
                    return current != null && current.row().epoch() == row.epoch();
                })
                .toList();
        replace(key, seen);
        return seen.stream()
                .map(row -> Objects.requireNonNull(rows.get(new ShardKey(key, row.shard())))
                        .row())
                .toList();
    }

    @Override
    public synchronized void delete(MappingKey key, Collection<String> shards) {
        for (String shard : shards) {
            rows.remove(new ShardKey(key, shard));
            facts.remove(new ShardKey(key, shard));
        }
    }

    /** Returns transactions that commit nothing but the fact. */
    public FunctionTransactions transactions() {
        return () -> new FunctionTransaction() {
            @Override
            public boolean isFinished(LaneCommit commit) {
                return isFinishedAlready(commit);
            }

            @Override
            public Outcome commit(LaneCommit commit) {
                return committed(commit);
            }

            @Override
            public void close() {
                // Nothing was written before the commit.
            }
        };
    }

    private synchronized boolean isFinishedAlready(LaneCommit commit) {
        return isThere(new ShardKey(commit.key(), commit.shard()), commit.fact());
    }

    private boolean isThere(ShardKey key, LaneFact committed) {
        return facts.getOrDefault(key, List.of()).stream().anyMatch(fact -> fact.covers(committed));
    }

    private synchronized FunctionTransaction.Outcome committed(LaneCommit commit) {
        ShardKey key = new ShardKey(commit.key(), commit.shard());
        OwnedRow current = rows.get(key);
        if (current == null
                || !current.isHeldBy(commit.owner(), commit.epoch())
                || (commit.before() != null && !isThere(key, commit.before()))) {
            return FunctionTransaction.Outcome.NOT_OWNED;
        }
        if (isFinishedAlready(commit)) {
            return FunctionTransaction.Outcome.FINISHED_BEFORE;
        }
        facts.merge(key, List.of(commit.fact()), LaneFact::union);
        return FunctionTransaction.Outcome.COMMITTED;
    }

    private static CheckpointRow updated(CheckpointRow row, CheckpointUpdate update) {
        return new CheckpointRow(
                row.shard(), update.state(), row.start(), update.progress(), row.parents(), row.epoch());
    }

    /** Returns whether the row has the window's state that the update leaves as it is. */
    private static boolean hasWindowState(CheckpointRow row, CheckpointUpdate update) {
        String state = update.progress().windowState();
        return update.windowStateChanged()
                || state == null
                || state.equals(row.progress().windowState());
    }

    /** Returns what makes the store as it is now once more, as the restore of a backup. */
    public synchronized Runnable backup() {
        Map<ShardKey, OwnedRow> rowsNow = Map.copyOf(rows);
        Map<ShardKey, List<LaneFact>> factsNow = Map.copyOf(facts);
        return () -> restore(rowsNow, factsNow);
    }

    private synchronized void restore(Map<ShardKey, OwnedRow> rowsThen, Map<ShardKey, List<LaneFact>> factsThen) {
        rows.clear();
        rows.putAll(rowsThen);
        facts.clear();
        facts.putAll(factsThen);
    }

    private record OwnedRow(CheckpointRow row, @Nullable String owner) {

        boolean isHeldBy(String holder, long epoch) {
            return holder.equals(owner) && epoch == row.epoch();
        }
    }

    private record ShardKey(MappingKey mapping, String shard) implements Comparable<ShardKey> {

        private static final Comparator<ShardKey> ORDER = Comparator.comparing(
                        (ShardKey key) -> key.mapping().namespace())
                .thenComparing(key -> key.mapping().mapping())
                .thenComparing(key -> key.mapping().stream())
                .thenComparing(key -> key.mapping().incarnation())
                .thenComparing(ShardKey::shard);

        @Override
        public int compareTo(ShardKey other) {
            return ORDER.compare(this, other);
        }
    }
}
