package io.shardmill.aws.protocol;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows of an operation's table for what can't be had here. A member is refused unless its value says what holds here
 * anyway; one that means nothing here, as a function does the same without it, may be ignored instead. What the API doesn't
 * know is left out, as AWS does.
 */
public final class UnsupportedMembers {

    private static final Logger LOG = LoggerFactory.getLogger(UnsupportedMembers.class);

    private final Function<String, AwsException> refusal;
    private final List<Row> rows;

    /**
     * A member that can't be had here.
     *
     * @param cause why
     * @param fix what to do about it
     * @param harmless its value that says what holds here anyway, beside nothing at all; null if there is none
     */
    public record Row(
            Member<Object> member,
            boolean isIgnorable,
            String cause,
            String fix,
            @Nullable Object harmless) {

        /** Defines a member that is always refused. */
        public static Row refused(String name, String cause, String fix) {
            return new Row(Member.any(name), false, cause, fix, null);
        }

        /** Defines a member that may be ignored. */
        public static Row ignorable(String name, String cause, String fix) {
            return new Row(Member.any(name), true, cause, fix, null);
        }

        public Row unless(Object value) {
            return new Row(member, isIgnorable, cause, fix, value);
        }

        private String name() {
            return member.name();
        }

        private boolean isBrokenBy(@Nullable Object value) {
            return !isNothing(value) && !saysNoMore(value, harmless);
        }
    }

    /**
     * Makes the rows of one table.
     *
     * @param refusal makes the service's error of a message
     */
    public UnsupportedMembers(Function<String, AwsException> refusal, Row... rows) {
        this.refusal = refusal;
        this.rows = List.copyOf(Arrays.asList(rows));
    }

    /** Returns the rows of an operation's table for them. */
    public List<Member<?>> members() {
        return rows.stream().<Member<?>>map(Row::member).toList();
    }

    /**
     * Refuses all of them, whether they might be ignored or not.
     *
     * @throws AwsException if there is one
     */
    public void refuse(Members request) {
        SortedMap<String, String> unused = ignored(request, Map.of(), UnsupportedSettings.REFUSED, "");
    }

    /**
     * Returns what is ignored of a resource from now on, as JSON by names.
     *
     * @param before what was ignored of it so far: a member that the request doesn't have stays
     * @param resource as the log names it
     * @throws AwsException for a member that is refused
     */
    public SortedMap<String, String> ignored(
            Members request, Map<String, String> before, UnsupportedSettings settings, String resource) {
        return ignored(request::get, before, settings, resource);
    }

    /** Returns what is ignored of a map that has them among its keys, as JSON by names. */
    public SortedMap<String, String> ignored(Map<String, ?> map, UnsupportedSettings settings, String resource) {
        return ignored(member -> map.get(member.name()), Map.of(), settings, resource);
    }

    private SortedMap<String, String> ignored(
            Function<Member<Object>, @Nullable Object> values,
            Map<String, String> before,
            UnsupportedSettings settings,
            String resource) {
        SortedMap<String, String> ignored = new TreeMap<>(before);
        for (Row row : rows) {
            Object value = values.apply(row.member());
            if (row.isBrokenBy(value)) {
                requireIgnorable(row, settings);
                LOG.warn("{} of {} is ignored: {}", row.name(), resource, row.cause());
                ignored.put(row.name(), JsonMapper.shared().writeValueAsString(value));
            } else if (value != null) {
                ignored.remove(row.name());
            }
        }
        return ignored;
    }

    private void requireIgnorable(Row row, UnsupportedSettings settings) {
        if (!row.isIgnorable() || settings == UnsupportedSettings.REFUSED) {
            throw refusal.apply(row.name() + " is not supported: " + row.cause() + ": " + row.fix()
                    + (row.isIgnorable() ? ", or set " + UnsupportedSettings.PROPERTY : ""));
        }
    }

    private static boolean isNothing(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.values().stream().allMatch(UnsupportedMembers::isNothing);
        }
        return value == null
                || Boolean.FALSE.equals(value)
                || (value instanceof String text && text.isEmpty())
                || (value instanceof Collection<?> list && list.isEmpty());
    }

    /** Returns whether each member of an object, or the value itself, is the harmless one. */
    private static boolean saysNoMore(@Nullable Object value, @Nullable Object harmless) {
        if (value instanceof Map<?, ?> members && harmless instanceof Map<?, ?> allowed) {
            return members.entrySet().stream()
                    .allMatch(member -> isNothing(member.getValue())
                            || saysNoMore(member.getValue(), allowed.get(member.getKey())));
        }
        return harmless != null && harmless.equals(value);
    }
}
