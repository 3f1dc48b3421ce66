package io.shardmill.poller.internal.filter;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Patterns of which one has to match, compiled: their fields numbered, and each way to match as a set of numbers.
 * Immutable once made.
 */
final class PatternSet {

    /**
     * Fields of several ways are one if they ask the same. The absence of a field is looked for inside the array
     * elements that the fields before it, by name, have matched in: so those belong to what it asks.
     */
    private record Asked(Field field, BitSet before) {}

    private final NameTree names = new NameTree();
    private final List<Asked> fields = new ArrayList<>();
    private final BitSet orAbsent = new BitSet();
    private final List<BitSet> ways = new ArrayList<>();

    PatternSet(List<Pattern> patterns) {
        Map<Asked, Integer> numbers = new HashMap<>();
        for (Pattern pattern : patterns) {
            pattern.ways().forEach(way -> ways.add(number(way, numbers)));
        }
    }

    private BitSet number(List<Field> way, Map<Asked, Integer> numbers) {
        List<Field> sorted = new ArrayList<>(way);
        sorted.sort(Comparator.comparing(Field::name));
        BitSet all = new BitSet();
        for (Field field : sorted) {
            BitSet before = field.orAbsent() ? (BitSet) all.clone() : new BitSet();
            all.set(numbers.computeIfAbsent(new Asked(field, before), this::add));
        }
        return all;
    }

    private int add(Asked asked) {
        int number = fields.size();
        fields.add(asked);
        orAbsent.set(number, asked.field().orAbsent());
        names.add(asked.field().name(), number);
        return number;
    }

    NameTree names() {
        return names;
    }

    Field field(int number) {
        return fields.get(number).field();
    }

    /** The fields before this one in its way. */
    BitSet before(int number) {
        return fields.get(number).before();
    }

    /** Whether these fields, matched by values, and the absence of all but the present ones are a way to match. */
    boolean matches(BitSet matched, BitSet present) {
        for (BitSet way : ways) {
            if (matches(way, matched, present)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(BitSet way, BitSet matched, BitSet present) {
        for (int number = way.nextSetBit(0); number >= 0; number = way.nextSetBit(number + 1)) {
            if (!matched.get(number) && (present.get(number) || !orAbsent.get(number))) {
                return false;
            }
        }
        return true;
    }
}
