package io.shardmill.poller.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Members for as long as the object lives: for tests. Thread-safe. */
public final class InMemoryMemberStore implements MemberStore {

    private final Map<String, Map<String, MemberRow>> namespaces = new TreeMap<>();

    private Map<String, MemberRow> in(String namespace) {
        return namespaces.computeIfAbsent(namespace, missing -> new TreeMap<>());
    }

    @Override
    public synchronized void join(String namespace, String id, long timeToLiveMillis) {
        in(namespace).put(id, MemberRow.joining(id, timeToLiveMillis));
    }

    @Override
    public synchronized boolean renew(String namespace, String id) {
        return in(namespace).computeIfPresent(id, (same, member) -> member.renewed()) != null;
    }

    @Override
    public synchronized void describe(String namespace, String id, Set<MappingKey> mappings, boolean draining) {
        @Nullable
        MemberRow unused = in(namespace).computeIfPresent(id, (same, member) -> member.describedAs(mappings, draining));
    }

    @Override
    public synchronized List<MemberRow> members(String namespace) {
        return List.copyOf(in(namespace).values());
    }

    @Override
    public synchronized void remove(String namespace, String id, long version) {
        MemberRow member = in(namespace).get(id);
        if (member != null && member.version() == version) {
            leave(namespace, id);
        }
    }

    @Override
    public synchronized void leave(String namespace, String id) {
        in(namespace).remove(id);
    }

    /** Returns what makes the store as it is now once more, as the restore of a backup. */
    public synchronized Runnable backup() {
        Map<String, Map<String, MemberRow>> now = new TreeMap<>();
        namespaces.forEach((namespace, rows) -> now.put(namespace, Map.copyOf(rows)));
        return () -> restore(now);
    }

    private synchronized void restore(Map<String, Map<String, MemberRow>> then) {
        namespaces.clear();
        then.forEach((namespace, rows) -> namespaces.put(namespace, new TreeMap<>(rows)));
    }
}
