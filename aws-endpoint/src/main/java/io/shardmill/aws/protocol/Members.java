package io.shardmill.aws.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The members of a request, or of a structure in it; null ones are as good as missing. Asking for a member that the table
 * doesn't have is a mistake of the code. For one thread at a time.
 */
public final class Members implements AutoCloseable {

    private final Shape shape;
    private final @Nullable Object[] values;

    Members(Shape shape) {
        this.shape = shape;
        this.values = new Object[shape.members().size()];
    }

    void set(int index, @Nullable Object value) {
        close(values[index]);
        values[index] = value;
    }

    /**
     * Takes a member from a path or a query.
     *
     * @param values at least one; only a list has more
     *
     * @throws AwsException if it is of another type
     */
    public void take(String name, List<String> values) {
        int index = index(name);
        set(index, shape.members().get(index).parse(values));
    }

    /**
     * Checks the constraints of all members.
     *
     * @throws AwsException for those that are broken
     */
    public void check() {
        Violations violations = new Violations();
        shape.check("", this, violations);
        violations.check();
    }

    public <T> @Nullable T get(Member<T> member) {
        @SuppressWarnings("unchecked") // a name has one type in a table
        T value = (T) values[index(member.name())];
        return value;
    }

    public <T> T get(Member<T> member, T defaultValue) {
        T value = get(member);
        return value == null ? defaultValue : value;
    }

    /** Returns a member that the table requires. */
    public <T> T require(Member<T> member) {
        return Objects.requireNonNull(get(member), member.name());
    }

    public boolean has(Member<?> member) {
        return get(member) != null;
    }

    private int index(String name) {
        int index = shape.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException(name + ": not in the operation's table");
        }
        return index;
    }

    /** Returns the names of the members that are given. */
    public List<String> given() {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                given.add(shape.members().get(i).name());
            }
        }
        return given;
    }

    /** Deletes what the values hold outside of this process's memory. */
    @Override
    public void close() {
        for (Object value : values) {
            close(value);
        }
    }

    private static void close(@Nullable Object value) {
        if (value instanceof Members members) {
            members.close();
        } else if (value instanceof Upload upload) {
            upload.close();
        }
    }

    /** Values may be secrets or payloads. */
    @Override
    public String toString() {
        return "Members" + given();
    }
}
