package io.shardmill.poller.testkit;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.GroupPosition.Origin;
import io.shardmill.poller.stream.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of a consumer group of a topic, in virtual time. Its rebalances are cooperative: a shard is assigned when its former
 * holder has given it back, or has sent no heartbeat for the session timeout. It fences members, not shards: a living one may
 * commit any offset.
 */
public final class FakeGroup {

    public static final long SESSION_MILLIS = 10_000;
    public static final long HAND_OVER_MILLIS = 25_000;

    /**
     * How far a shard's log was read.
     *
     * @param offset after the last record
     * @param epoch of the log then
     */
    record LogRead(long offset, int epoch) {}

    /**
     * A committed offset.
     *
     * @param next the first that is not finished
     * @param store under which it was committed; null if an operator has set it
     * @param incarnation of the topic
     * @param read how far the log was read; null if that is not known
     * @param ahead what else is finished
     */
    public record Offset(
            long next,
            @Nullable String store,
            @Nullable String incarnation,
            @Nullable LogRead read,
            String ahead) {

        public boolean isOf(String current) {
            return current.equals(incarnation);
        }

        /** Returns whether it tells that the log was read up to there. */
        public boolean tellsOf(long offset) {
            return read != null && read.offset() >= offset;
        }

        /** Returns where it says to begin; null if it says nothing of this topic. */
        public @Nullable GroupPosition position(String own, String current) {
            Origin origin = own.equals(store) ? Origin.SAME_ROWS : Origin.ELSEWHERE;
            boolean isOfAnother = store != null && !current.equals(incarnation);
            return isOfAnother ? null : new GroupPosition(origin, Position.at(SequenceNumber.of(next)), ahead);
        }
    }

    /** Watches what the members do. */
    public interface Watcher {

        /** A reader begins. */
        default void begins(FakeGroupMember member, String shard, long offset, boolean isPositioned) {}

        /** Others get shards that are still read. */
        default void unclean(FakeGroupMember member, Collection<String> shards) {}
    }

    /** What a member does; tests override what it does wrongly. */
    public interface Habits {

        /** Returns which offset is committed. */
        default long toBeCommitted(long unfinished, long next) {
            return unfinished;
        }

        /** Returns whether a shard that has lost records that were read is not read on. */
        default boolean checksLogs() {
            return true;
        }

        /** Returns whether a revocation waits until the shards are not read any more. */
        default boolean waitsForReaders() {
            return true;
        }
    }

    /** The state of the network. */
    public record Weather(int lostCommits, int lostAnswers, int lateMillis, int slowPollMillis) {
        public static final Weather FAIR = new Weather(0, 0, 0, 0);
    }

    private static final class Known {
        final Set<String> held = new LinkedHashSet<>();
        long lastSeen;
    }

    final VirtualTime time;
    final FakeStream topic;
    final Watcher watcher;
    final Habits habits;
    private final Random random;
    private final Map<String, Known> members = new LinkedHashMap<>();
    private final Map<String, String> target = new TreeMap<>();
    private final Map<String, Offset> offsets = new TreeMap<>();
    private Weather weather = Weather.FAIR;
    private int lives;

    public FakeGroup(FakeStream topic, VirtualTime time, Random random, Watcher watcher, Habits habits) {
        this.topic = topic;
        this.time = time;
        this.random = random;
        this.watcher = watcher;
        this.habits = habits;
    }

    // What tests do to it.

    public void weather(Weather weather) {
        this.weather = weather;
    }

    /** Assigns shards anew, at a bad moment: to any members. */
    public void shuffle() {
        List<String> ids = List.copyOf(members.keySet());
        if (!ids.isEmpty()) {
            target.replaceAll((shard, id) -> ids.get(random.nextInt(ids.size())));
        }
    }

    /** Sets an offset, as an operator does; refused while the group has members. */
    public boolean reset(String shard, long offset) {
        expire();
        if (members.isEmpty()) {
            offsets.put(shard, new Offset(offset, null, null, null, ""));
        }
        return members.isEmpty();
    }

    /** The topic was deleted: an operator's offsets go with it, those of members perhaps later. */
    public void topicDeleted() {
        offsets.values().removeIf(offset -> offset.store() == null || random.nextBoolean());
    }

    /** Shards were added, or the topic was made anew. */
    public void topicChanged() {
        balance();
    }

    public @Nullable Offset committed(String shard) {
        return offsets.get(shard);
    }

    /** Returns the members that hold shards, by shard. */
    public Map<String, String> holders() {
        Map<String, String> holders = new TreeMap<>();
        members.forEach((id, known) -> known.held.forEach(shard -> holders.put(shard, id)));
        return holders;
    }

    public boolean isMember(String id) {
        return members.containsKey(id);
    }

    /** The topic's. */
    public String incarnation() {
        return topic.incarnation();
    }

    public boolean isEmpty() {
        expire();
        return members.isEmpty();
    }

    // The network.

    long latency() {
        return weather.lateMillis() == 0 ? 0 : random.nextInt(weather.lateMillis());
    }

    long slowPoll() {
        return weather.slowPollMillis() == 0 ? 0 : random.nextInt(weather.slowPollMillis());
    }

    boolean losesCommit() {
        return random.nextInt(100) < weather.lostCommits();
    }

    boolean losesAnswer() {
        return random.nextInt(100) < weather.lostAnswers();
    }

    // The protocol.

    String join(String name) {
        String id = name + "-" + ++lives;
        Known known = new Known();
        known.lastSeen = time.millis();
        members.put(id, known);
        expireLater(id);
        balance();
        return id;
    }

    /** Returns whether it is a member still. */
    boolean heartbeat(String id) {
        expire();
        Known known = members.get(id);
        if (known != null) {
            known.lastSeen = time.millis();
        }
        return known != null;
    }

    void leave(String id) {
        if (members.remove(id) != null) {
            balance();
        }
    }

    private void expireLater(String id) {
        Known known = members.get(id);
        if (known != null) {
            time.at(known.lastSeen + SESSION_MILLIS + 1, () -> {
                expire();
                expireLater(id);
            });
        }
    }

    private void expire() {
        if (members.values().removeIf(known -> time.millis() - known.lastSeen > SESSION_MILLIS)) {
            balance();
        }
    }

    Set<String> toBeRevoked(String id) {
        Set<String> held = new LinkedHashSet<>(Objects.requireNonNull(members.get(id)).held);
        held.removeIf(shard -> id.equals(target.get(shard)));
        return held;
    }

    /** Returns what is assigned to the member from now on. */
    Set<String> assign(String id) {
        Set<String> free = new LinkedHashSet<>();
        Set<String> held = holders().keySet();
        target.forEach((shard, member) -> {
            if (member.equals(id) && !held.contains(shard)) {
                free.add(shard);
            }
        });
        Objects.requireNonNull(members.get(id)).held.addAll(free);
        return free;
    }

    void giveBack(String id, Collection<String> shards) {
        Known known = members.get(id);
        if (known != null) {
            known.held.removeAll(shards);
        }
    }

    /** Returns whether the offsets are committed: those of a member that is none any more are not. */
    boolean commit(String id, Map<String, Offset> committed) {
        boolean isMember = members.containsKey(id);
        if (isMember) {
            offsets.putAll(committed);
        }
        return isMember;
    }

    /** Whoever has more than its part loses some, who has less gets some. */
    private void balance() {
        List<String> shards = topic.openShards();
        target.keySet().retainAll(shards);
        target.values().retainAll(members.keySet());
        members.values().forEach(known -> known.held.retainAll(shards));
        if (members.isEmpty()) {
            return;
        }
        int most = (shards.size() + members.size() - 1) / members.size();
        Map<String, Integer> counts = new LinkedHashMap<>();
        members.keySet().forEach(id -> counts.put(id, 0));
        List<String> homeless = new ArrayList<>();
        for (String shard : shards) {
            String id = target.get(shard);
            if (id != null && counts.merge(id, 1, Integer::sum) <= most) {
                continue;
            }
            homeless.add(shard);
        }
        counts.replaceAll((id, count) -> Math.min(count, most));
        for (String shard : homeless) {
            String least = Stream.of(counts)
                    .flatMap(all -> all.entrySet().stream())
                    .min(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            target.put(shard, least);
            counts.merge(least, 1, Integer::sum);
        }
    }
}
