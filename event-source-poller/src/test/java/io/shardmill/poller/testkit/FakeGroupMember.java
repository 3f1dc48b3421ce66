package io.shardmill.poller.testkit;

import io.shardmill.poller.internal.shard.EngineTimer;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.GroupPosition.Origin;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.ShardGroup.Assigned;
import io.shardmill.poller.testkit.FakeGroup.LogRead;
import io.shardmill.poller.testkit.FakeGroup.Offset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A process in a {@link FakeGroup}: what it knows of the group it learns when it polls. Stands still and dies with its process. */
public final class FakeGroupMember implements ShardGroup.Membership {

    private static final long POLL_MILLIS = 100;
    private static final long HEARTBEAT_MILLIS = 1_000;
    private static final long COMMIT_MILLIS = 1_000;

    private final FakeGroup group;
    private final String name;
    private final String store;
    private final String incarnation;
    private final EngineTimer process;
    private final Runnable changed;

    private final Map<String, FakeGroupReader> readers = new TreeMap<>();
    private final Set<String> owned = new TreeSet<>();
    private final Set<String> undecided = new TreeSet<>();
    private final Set<String> revoked = new TreeSet<>();
    private final Map<String, GroupPosition> positions = new TreeMap<>();

    /** Shards whose rows were set after the group's positions, and that have not begun since. */
    private final Set<String> superseded = new TreeSet<>();

    private final Map<String, Offset> finished = new TreeMap<>();
    private final Map<String, Offset> committed = new HashMap<>();
    private final Map<String, LogRead> read = new HashMap<>();
    private Set<String> handingOver = Set.of();
    private long handOverUntil;
    private boolean isGivingBack;
    private Assigned assigned = Assigned.UNKNOWN;
    private @Nullable String id;
    private boolean isKnown;
    private boolean isAsking = true;
    private boolean isClosed;
    private boolean isCutOff;
    private long cutUntil;
    private long lastContact;
    private long nextCommit;
    private long channelIsFreeAt;

    FakeGroupMember(FakeGroup group, String name, String store, EngineTimer process, Runnable changed) {
        this.group = group;
        this.name = name;
        this.store = store;
        this.incarnation = group.incarnation();
        this.process = process;
        this.changed = changed;
    }

    void start() {
        lastContact = now();
        poll();
        beat();
    }

    private long now() {
        return group.time.millis();
    }

    public String name() {
        return name;
    }

    public String store() {
        return store;
    }

    /** Under which the group knows it, if it still does. */
    public @Nullable String id() {
        return id;
    }

    /** Can't reach the group for so long. */
    public void cut(long millis) {
        cutUntil = now() + millis;
    }

    public boolean isReading(String shard) {
        FakeGroupReader reader = readers.get(shard);
        return reader != null && reader.isBegun();
    }

    /** Returns whether it reads a shard, of which nothing was read beyond the offset, here or before. */
    public boolean isReadingUpTo(String shard, long offset) {
        FakeGroupReader reader = readers.get(shard);
        return reader != null
                && reader.isBegun()
                && reader.next() <= offset
                && (reader.logRead() == null || reader.logRead().offset() <= offset);
    }

    @Override
    public Assigned assigned() {
        return assigned;
    }

    @Override
    public @Nullable String problem() {
        return null;
    }

    @Override
    public void ask(boolean forShards) {
        isAsking = forShards;
    }

    @Override
    public void supersede() {
        superseded.addAll(owned);
        superseded.addAll(undecided);
        finished.replaceAll((shard, offset) -> new Offset(offset.next(), store, incarnation, null, ""));
        read.clear();
        overrule();
        publish();
    }

    /** What is committed is committed as its own, so that the rows count for whoever begins the shard next. */
    private void overrule() {
        for (String shard : superseded) {
            GroupPosition dropped = positions.remove(shard);
            if (dropped != null && dropped.position() instanceof Position.At at) {
                read.remove(shard);
                finished.put(shard, new Offset(at.number().lowBits(), store, incarnation, null, ""));
            }
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            leave();
        }
    }

    FakeGroupReader open(String shard, Position from, Runnable wake) {
        FakeGroupReader reader = new FakeGroupReader(this, shard, from, wake);
        if (readers.putIfAbsent(shard, reader) != null) {
            throw new IllegalStateException(shard + " is read already");
        }
        return reader;
    }

    void closed(FakeGroupReader reader) {
        readers.remove(reader.shard(), reader);
        process.at(now(), this::mayEndHandOver);
    }

    void finished(String shard, long offset, @Nullable LogRead known, String ahead) {
        finished.put(shard, new Offset(offset, store, incarnation, known, ahead));
        if (known != null) {
            read.put(shard, known);
        }
    }

    FakeStream topic() {
        return group.topic;
    }

    boolean checksLogs() {
        return group.habits.checksLogs();
    }

    // The heartbeat's thread.

    private void beat() {
        if (!isClosed) {
            process.at(now() + HEARTBEAT_MILLIS, this::beat);
            if (id != null && now() >= cutUntil && group.heartbeat(id)) {
                lastContact = now();
            }
        }
    }

    // The polling thread.

    private void poll() {
        if (isClosed) {
            return;
        }
        process.at(now() + POLL_MILLIS + group.slowPoll(), this::poll);
        if (handingOver.isEmpty() && !isGivingBack) {
            if (isAsking) {
                watch();
            } else {
                giveUp();
            }
        }
    }

    /** Leaves when all is handed over. */
    private void giveUp() {
        Set<String> all = new TreeSet<>(owned);
        all.addAll(undecided);
        if (all.isEmpty()) {
            leave();
        } else {
            handOver(all);
        }
    }

    private void watch() {
        boolean wasCutOff = isCutOff;
        isCutOff = id != null && now() - lastContact > FakeGroup.SESSION_MILLIS;
        if (isCutOff != wasCutOff) {
            publish();
        }
        if (!group.incarnation().equals(incarnation)) {
            List.copyOf(readers.values()).forEach(FakeGroupReader::gone);
            changed.run();
        } else if (now() >= cutUntil) {
            goOn();
        }
    }

    private void goOn() {
        if (id != null && !group.heartbeat(id)) {
            lost();
        }
        if (id == null) {
            id = group.join(name);
        }
        lastContact = now();
        decide();
        begin();
        rebalance(id);
        if (now() >= nextCommit) {
            commit(owned);
        }
    }

    /** Others have the shards already. */
    private void lost() {
        Set<String> gone = new TreeSet<>(owned);
        gone.addAll(undecided);
        id = null;
        gaveUp(gone);
        take(gone);
        forget(gone);
    }

    private void gaveUp(Collection<String> shards) {
        List<String> read = shards.stream().filter(readers::containsKey).toList();
        if (!read.isEmpty()) {
            group.watcher.unclean(this, read);
        }
    }

    private void take(Collection<String> shards) {
        if (!shards.isEmpty()) {
            owned.removeAll(shards);
            undecided.removeAll(shards);
            positions.keySet().removeAll(shards);
            revoked.addAll(shards);
            publish();
        }
    }

    private void forget(Collection<String> shards) {
        finished.keySet().removeAll(shards);
        committed.keySet().removeAll(shards);
        read.keySet().removeAll(shards);
    }

    /** A shard that came back while its reader is still open is not assigned before that is closed. */
    private void decide() {
        List<String> decided =
                undecided.stream().filter(shard -> !readers.containsKey(shard)).toList();
        forget(decided);
        for (String shard : decided) {
            Offset offset = group.committed(shard);
            if (offset != null && offset.isOf(incarnation) && offset.read() != null) {
                read.put(shard, offset.read());
            }
            GroupPosition position = offset == null ? null : offset.position(store, incarnation);
            if (position != null) {
                positions.put(shard, position);
            }
            owned.add(shard);
        }
        overrule();
        if (!decided.isEmpty()) {
            undecided.removeAll(decided);
            revoked.removeAll(decided);
            publish();
        }
    }

    private void begin() {
        for (FakeGroupReader reader : List.copyOf(readers.values())) {
            String shard = reader.shard();
            if (reader.isBegun() || reader.isLost() || !owned.contains(shard)) {
                continue;
            }
            GroupPosition position = positions.get(shard);
            boolean isElsewhere = position != null && position.origin() == Origin.ELSEWHERE;
            if (isElsewhere
                    && !position.position().equals(reader.from())) { // it was set anew since the shard was taken
                take(Set.of(shard));
                undecided.add(shard);
            } else if (reader.begin(read.get(shard))) {
                superseded.remove(shard);
                long offset = reader.next();
                finished(shard, offset, reader.logRead(), reader.ahead());
                committed.remove(shard);
                nextCommit = now();
                group.watcher.begins(this, shard, offset, isElsewhere);
                if (positions.remove(shard) != null) {
                    publish();
                }
            }
        }
    }

    private void rebalance(String member) {
        Set<String> away = group.toBeRevoked(member);
        if (!away.isEmpty()) {
            handOver(away);
            return;
        }
        undecided.addAll(group.assign(member));
        if (!isKnown) {
            isKnown = true;
            publish();
        }
    }

    private void handOver(Set<String> away) {
        take(away);
        handingOver = away;
        handOverUntil = now() + FakeGroup.HAND_OVER_MILLIS;
        process.at(handOverUntil, this::mayEndHandOver);
        mayEndHandOver();
    }

    private void mayEndHandOver() {
        boolean isRead = handingOver.stream().anyMatch(readers::containsKey);
        if (handingOver.isEmpty() || (isRead && now() < handOverUntil && group.habits.waitsForReaders() && !isClosed)) {
            return;
        }
        Set<String> away = handingOver;
        handingOver = Set.of();
        if (group.habits.waitsForReaders()) {
            gaveUp(away);
        }
        commit(away);
        forget(away);
        giveBack(away);
    }

    /** Polls nothing before it has arrived. */
    private void giveBack(Set<String> away) {
        String member = id;
        isGivingBack = member != null && !isClosed;
        if (member == null) {
            return;
        }
        if (now() < cutUntil) {
            process.at(cutUntil, () -> giveBack(away));
            return;
        }
        send(() -> {
            group.giveBack(member, away);
            isGivingBack = false;
        });
    }

    private void commit(Collection<String> shards) {
        nextCommit = now() + COMMIT_MILLIS;
        Map<String, Offset> toCommit = new TreeMap<>();
        for (String shard : shards) {
            FakeGroupReader reader = readers.get(shard);
            Offset unfinished = finished.get(shard);
            if (unfinished != null) {
                long next = reader == null ? unfinished.next() : reader.next();
                long offset = group.habits.toBeCommitted(unfinished.next(), next);
                Offset newest = new Offset(offset, store, incarnation, unfinished.read(), unfinished.ahead());
                if (!newest.equals(committed.get(shard))) {
                    toCommit.put(shard, newest);
                }
            }
        }
        String member = id;
        if (toCommit.isEmpty() || member == null || group.losesCommit()) {
            return;
        }
        send(() -> {
            if (group.commit(member, toCommit) && !group.losesAnswer()) {
                toCommit.forEach((shard, offset) -> {
                    if (finished.containsKey(shard)) {
                        committed.put(shard, offset);
                    }
                });
            }
        });
    }

    /** What it sends arrives in order; also when it has died meanwhile. */
    private void send(Runnable request) {
        if (now() >= cutUntil) {
            channelIsFreeAt = Math.max(channelIsFreeAt, now() + group.latency());
            if (channelIsFreeAt <= now()) {
                request.run();
            } else {
                group.time.at(channelIsFreeAt, request);
            }
        }
    }

    private void leave() {
        String member = id;
        if (member == null) {
            return;
        }
        List<String> all = new ArrayList<>(owned);
        gaveUp(all);
        commit(all);
        send(() -> group.leave(member));
        id = null;
        owned.clear();
        undecided.clear();
        positions.clear();
        handingOver = Set.of();
        isKnown = false;
        publish();
    }

    private void publish() {
        Set<String> away = new HashSet<>(revoked);
        if (isCutOff) {
            away.addAll(owned);
        }
        assigned = new Assigned(isKnown, isCutOff ? Set.of() : owned, away, positions);
        changed.run();
    }
}
