package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.InMemoryMemberStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.checkpoint.StoredMapping;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
            Map<MappingKey, List<CheckpointRow>> rows,
            List<StoredMapping> mappings,
            StoreMark mark,
            Ledger.Snapshot ledger,
            AcceptedChanges.Snapshot accepted) {}

    private final InstantSource clock;
    private final Ledger ledger;
    private final AcceptedChanges accepted;
    private final List<Copy> copies = new ArrayList<>();
    private InMemoryCheckpointStore rows;
    private InMemoryMappingStore mappings;
    private InMemoryMemberStore members = new InMemoryMemberStore();
    private @Nullable StoreMark mark;
    private @Nullable StoreMark lastSeen;
    private @Nullable Copy present;
    private @Nullable Copy newest;

    SimulatedFolder(InstantSource clock, Ledger ledger, AcceptedChanges accepted) {
        this.clock = clock;
        this.ledger = ledger;
        this.accepted = accepted;
        this.rows = new InMemoryCheckpointStore(clock);
        this.mappings = new InMemoryMappingStore(rows);
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
        members = new InMemoryMemberStore();
        rows = new InMemoryCheckpointStore(clock);
        mappings = new InMemoryMappingStore(rows);
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
        Map<MappingKey, List<CheckpointRow>> copied = new HashMap<>();
        rows.mappings(NAMESPACE).forEach(key -> copied.put(key, rows.load(key)));
        return new Copy(copied, mappings.all(NAMESPACE), current, ledger.snapshot(), accepted.snapshot());
    }

    /** The store is empty when it is opened next. */
    void lose() {
        if (mark != null) {
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
        empty();
        copy.rows.forEach(rows::create);
        copy.mappings.forEach(mapping -> mappings.create(NAMESPACE, mapping));
        mark = copy.mark;
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
