package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.InMemoryMemberStore;
import io.shardmill.poller.checkpoint.StoreMark;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint store and, beside it, the mark of the last one seen. Both outlive processes; while none runs, the store may be
 * lost or replaced by an older copy.
 */
final class SimulatedFolder {

    private static final String NAMESPACE = "test";

    /** What a copy of the store holds, and what was known of it when it was made. */
    private record Copy(
            Runnable rows,
            Runnable mappings,
            Runnable members,
            StoreMark mark,
            Ledger.Snapshot ledger,
            AcceptedChanges.Snapshot accepted) {}

    private static final int RECENT = 20;

    private final Ledger ledger;
    private final AcceptedChanges accepted;
    private final List<Copy> copies = new ArrayList<>();

    /** Of the store that is open, the newest last. */
    private final List<Copy> recent = new ArrayList<>();

    private final InMemoryCheckpointStore rows;
    private final InMemoryMappingStore mappings;
    private final InMemoryMemberStore members = new InMemoryMemberStore();
    private final List<Runnable> nothing;

    /** Each takes time, or an epoch of the time that is lost could be given once more. */
    private int restores;

    private @Nullable StoreMark mark;
    private @Nullable StoreMark lastSeen;
    private @Nullable Copy present;
    private @Nullable Copy newest;

    SimulatedFolder(InstantSource clock, Ledger ledger, AcceptedChanges accepted) {
        this.ledger = ledger;
        this.accepted = accepted;
        this.rows = new InMemoryCheckpointStore(() -> clock.instant().plus(restores, ChronoUnit.MICROS));
        this.mappings = new InMemoryMappingStore(rows);
        this.nothing = List.of(rows.backup(), mappings.backup(), members.backup());
    }

    InMemoryCheckpointStore rows() {
        return rows;
    }

    InMemoryMappingStore mappings() {
        return mappings;
    }

    InMemoryMemberStore members() {
        return members;
    }

    boolean isMember(String id) {
        return members.members(NAMESPACE).stream()
                .anyMatch(member -> member.id().equals(id));
    }

    private void empty() {
        nothing.forEach(Runnable::run);
        recent.clear();
    }

    /** Opens the store as a process does at its start. Returns why it is refused, or null. */
    @Nullable
    String open(UnaryOperator<@Nullable StoreMark> remember) {
        String problem = StoreMark.contradiction(mark, remember.apply(lastSeen));
        if (problem == null) {
            advance();
        }
        return problem;
    }

    /** Records an opening or a clean stop: in the store, then in the folder. */
    void advance() {
        mark = (mark == null ? StoreMark.first() : mark).next(lastSeen);
        lastSeen = mark;
        present = null;
        newest = null;
    }

    /** Keeps a copy of the store, unless it holds no rows yet. */
    void copy() {
        if (mark != null && !rows.mappings(NAMESPACE).isEmpty()) {
            copies.add(copyOf(mark));
        }
    }

    private Copy copyOf(StoreMark current) {
        return new Copy(
                rows.backup(), mappings.backup(), members.backup(), current, ledger.snapshot(), accepted.snapshot());
    }

    /** Notes how the store is, for {@link #loseCommits}. */
    void note() {
        if (mark != null && !rows.mappings(NAMESPACE).isEmpty()) {
            recent.add(copyOf(mark));
            if (recent.size() > RECENT) {
                recent.remove(0);
            }
        }
    }

    /** The store goes back by some commits under the processes that use it, if it was noted before. */
    boolean loseCommits(Copies choice) {
        if (recent.isEmpty()) {
            return false;
        }
        int to = choice.of(recent.size());
        Copy then = recent.get(to);
        recent.subList(to + 1, recent.size()).clear();
        put(then);
        restores++;
        lastSeen = null; // the next process starts on another folder
        ledger.goBack(then.ledger);
        accepted.goBack(then.accepted);
        return true;
    }

    private void put(Copy copy) {
        copy.rows.run();
        copy.mappings.run();
        copy.members.run();
        mark = copy.mark;
    }

    /** The store is empty when it is opened next. */
    void lose() {
        if (mark != null && lastSeen != null) {
            newest = copyOf(mark);
            empty();
            mark = null;
        }
    }

    /** The store is an older copy when it is opened next, if there is one from before the last opening or clean stop. */
    boolean goBack(Copies choice) {
        List<Copy> older = copies.stream()
                .filter(copy -> lastSeen != null && copy.mark.generation() < lastSeen.generation())
                .toList();
        if (older.isEmpty() || mark == null) {
            return false;
        }
        newest = copyOf(mark);
        present = older.get(choice.of(older.size()));
        restore(present);
        return true;
    }

    /** Chooses one of so many. */
    interface Copies {
        int of(int size);
    }

    private void restore(Copy copy) {
        put(copy);
        recent.clear();
    }

    /** The operator puts the newest copy back. */
    void putBack() {
        if (newest != null) {
            restore(newest);
        }
    }

    /** The operator accepts the older copy, if it is one. */
    boolean accept() {
        if (present == null) {
            return false;
        }
        ledger.goBack(present.ledger);
        accepted.goBack(present.accepted);
        advance();
        return true;
    }
}
