package io.shardmill.poller.internal.filter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that patterns ask for. A name with dots is the same as objects in each other, in a pattern and in an event.
 */
final class NameTree {

    private static final int[] NONE = {};

    private final Map<String, NameTree> children = new HashMap<>();
    private int[] fields = NONE;

    /** A field of this name is asked for. */
    void add(String name, int field) {
        NameTree node = this;
        for (String part : name.split("\\.", -1)) {
            node = node.children.computeIfAbsent(part, unused -> new NameTree());
        }
        node.fields = Arrays.copyOf(node.fields, node.fields.length + 1);
        node.fields[node.fields.length - 1] = field;
    }

    /** What is asked for below an event's key, or null: nothing. */
    @Nullable
    NameTree below(String key) {
        if (key.indexOf('.') < 0) {
            return children.get(key);
        }
        NameTree node = this;
        for (String part : key.split("\\.", -1)) {
            node = node == null ? null : node.children.get(part);
        }
        return node;
    }

    /** The numbers of the fields that end here; not to be changed. */
    int[] fields() {
        return fields;
    }

    /** The names at the top. */
    Set<String> names() {
        return children.keySet();
    }

    /** The tree below a part of a name that was added. */
    NameTree child(String name) {
        NameTree child = children.get(name);
        if (child == null) {
            throw new IllegalArgumentException("No name begins with " + name);
        }
        return child;
    }
}
