package io.shardmill.poller.internal.filter;

import io.shardmill.poller.event.Scalar;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The ways to look at an event, which are many if it has arrays: two fields of a pattern must not match in different
 * elements of one array, so each view is of one element of each array. Views that match less than another are left out.
 */
final class Views {

    /**
     * One view.
     *
     * @param matched the fields that a value in it has matched
     * @param present of the fields that may be absent, those that are not
     */
    private record View(BitSet matched, BitSet present) {

        static View empty() {
            return new View(new BitSet(), new BitSet());
        }

        View with(View other) {
            BitSet bothMatched = (BitSet) matched.clone();
            bothMatched.or(other.matched);
            BitSet bothPresent = (BitSet) present.clone();
            bothPresent.or(other.present);
            return new View(bothMatched, bothPresent);
        }

        /** Whether it matches whatever the other one matches. */
        boolean covers(View other) {
            return contains(matched, other.matched) && contains(other.present, present);
        }

        private static boolean contains(BitSet set, BitSet part) {
            for (int bit = part.nextSetBit(0); bit >= 0; bit = part.nextSetBit(bit + 1)) {
                if (!set.get(bit)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final int MAX_VIEWS = 1_000;

    private final PatternSet patterns;
    private List<View> views = new ArrayList<>(1);

    private Views(PatternSet patterns) {
        this.patterns = patterns;
    }

    /** Of an object in which nothing was seen yet. */
    static Views ofObject(PatternSet patterns) {
        Views views = new Views(patterns);
        views.views.add(View.empty());
        return views;
    }

    /** Of an array in which nothing was seen yet. */
    static Views ofArray(PatternSet patterns) {
        return new Views(patterns);
    }

    /** A value of these fields is in all views. */
    void value(int[] fields, Scalar value) {
        for (int field : fields) {
            if (patterns.field(field).accepts(value)) {
                views.forEach(view -> view.matched.set(field));
            }
            present(field);
        }
    }

    private void present(int field) {
        if (patterns.field(field).orAbsent()) {
            views.forEach(view -> view.present.set(field));
        }
    }

    /** Fields of these names can't be said to be absent. */
    void unknown(NameTree names) {
        for (int field : names.fields()) {
            present(field);
        }
        names.names().forEach(name -> unknown(names.child(name)));
    }

    /** What is asked of the field of these names itself counts as matched. */
    void ignore(NameTree names) {
        for (int field : names.fields()) {
            views.forEach(view -> view.matched.set(field));
        }
    }

    /** What is asked of all that is in the field of these names counts as matched. */
    void ignoreBelow(NameTree names) {
        for (String name : names.names()) {
            NameTree below = names.child(name);
            ignore(below);
            ignoreBelow(below);
        }
    }

    /** The views of one element join those of the others. */
    void addElement(Views element) {
        for (View view : element.views) {
            if (views.stream().noneMatch(known -> known.covers(view))) {
                views.removeIf(view::covers);
                views.add(view);
            }
        }
        limit(views.size());
    }

    private static void limit(int views) {
        if (views > MAX_VIEWS) {
            throw new UnfilterableRecordException(
                    "the elements of its arrays can be combined in more than " + MAX_VIEWS + " ways");
        }
    }

    /** An object's views are each seen with each of those of an array in it. */
    void withArray(Views array, BitSet presentAnywhere) {
        if (array.views.isEmpty()) {
            return;
        }
        array.views.forEach(view -> array.narrow(view, presentAnywhere));
        limit(views.size() * array.views.size());
        List<View> together = new ArrayList<>(views.size() * array.views.size());
        for (View view : views) {
            for (View element : array.views) {
                together.add(view.with(element));
            }
        }
        views = together;
    }

    /** A field is absent from all elements, unless one before it has matched in this one: then only that counts. */
    private void narrow(View view, BitSet presentAnywhere) {
        for (int field = presentAnywhere.nextSetBit(0); field >= 0; field = presentAnywhere.nextSetBit(field + 1)) {
            if (!patterns.before(field).intersects(view.matched)) {
                view.present.set(field);
            }
        }
    }

    /** Adds what is present in any of the views. */
    void collectPresent(BitSet present) {
        views.forEach(view -> present.or(view.present));
    }

    /** Whether a pattern matches in one of the views. */
    boolean match() {
        for (View view : views) {
            if (patterns.matches(view.matched, view.present)) {
                return true;
            }
        }
        return false;
    }
}
