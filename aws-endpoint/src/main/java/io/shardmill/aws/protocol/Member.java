package io.shardmill.aws.protocol;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * A row of an operation's table: a member's name, its type, and the constraints of AWS's API model on it, in the order in
 * which they are reported. Immutable.
 *
 * @param <T> what its value is read as
 */
@SuppressWarnings("varargs") // the arrays are only passed on, and copied
public final class Member<T> {

    private final String name;
    private final Type<T> type;
    private final List<Constraint<? super T>> constraints;

    private Member(String name, Type<T> type, List<Constraint<? super T>> constraints) {
        this.name = name;
        this.type = type;
        this.constraints = constraints;
    }

    @SafeVarargs
    static <T> Member<T> of(String name, Type<T> type, Constraint<? super T>... constraints) {
        return new Member<>(name, type, List.copyOf(Arrays.asList(constraints)));
    }

    @SafeVarargs
    public static Member<String> text(String name, Constraint<? super String>... constraints) {
        return of(name, Type.TEXT, constraints);
    }

    @SafeVarargs
    public static Member<Integer> integer(String name, Constraint<? super Integer>... constraints) {
        return of(name, Type.INTEGER, constraints);
    }

    public static Member<Boolean> flag(String name) {
        return of(name, Type.FLAG);
    }

    public static Member<Instant> time(String name) {
        return of(name, Type.TIME);
    }

    @SafeVarargs
    public static Member<byte[]> blob(String name, Constraint<? super byte[]>... constraints) {
        return of(name, Type.BLOB, constraints);
    }

    @SafeVarargs
    public static Member<List<String>> texts(String name, Constraint<? super List<String>>... constraints) {
        return of(name, Type.TEXTS, constraints);
    }

    @SafeVarargs
    public static Member<Map<String, String>> textMap(
            String name, Constraint<? super Map<String, String>>... constraints) {
        return of(name, Type.TEXT_MAP, constraints);
    }

    /** Defines a member whose value may be anything, such as one that is refused or ignored as a whole. */
    public static Member<Object> any(String name) {
        return of(name, Type.ANY);
    }

    @SafeVarargs
    public static Member<Members> structure(String name, Shape shape, Constraint<? super Members>... constraints) {
        return of(name, Type.structure(shape), constraints);
    }

    @SafeVarargs
    public static Member<List<Members>> structures(
            String name, Shape shape, Constraint<? super List<Members>>... constraints) {
        return of(name, Type.structures(shape), constraints);
    }

    /** Returns the same member where it must be given. */
    public Member<T> required() {
        List<Constraint<? super T>> all = new ArrayList<>(constraints);
        all.add(0, Constraint.required());
        return new Member<>(name, type, List.copyOf(all));
    }

    public String name() {
        return name;
    }

    @Nullable
    T read(RequestInput input) throws IOException {
        return input.token() == JsonToken.VALUE_NULL ? null : type.read(input, name);
    }

    T parse(List<String> values) {
        return type.parse(values, name);
    }

    /** @param prefix of its name in messages, such as {@code records.1.member.} */
    void check(String prefix, @Nullable T value, Violations violations) {
        String shown = prefix + name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
        for (Constraint<? super T> constraint : constraints) {
            constraint.check(shown, value, violations);
        }
        if (value != null) {
            type.check(shown, value, violations);
        }
    }
}
