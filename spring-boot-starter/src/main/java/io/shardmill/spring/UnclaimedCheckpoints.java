package io.shardmill.spring;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamCatalog;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs checkpoints that no mapping resumes from, and the property that makes one resume from them: it may have been renamed. */
final class UnclaimedCheckpoints {

    private static final Logger LOG = LoggerFactory.getLogger(UnclaimedCheckpoints.class);

    private final CheckpointStore store;
    private final StreamCatalog streams;
    private final String namespace;

    UnclaimedCheckpoints(CheckpointStore store, StreamCatalog streams, String namespace) {
        this.store = store;
        this.streams = streams;
        this.namespace = namespace;
    }

    /** Those in this namespace that belong neither to a mapping that runs nor to one of these names. May block. */
    void nameThoseOfOthersThan(Set<String> names, Mappings running) {
        ifReachable(() -> running.unclaimedCheckpoints().stream()
                .filter(key -> !names.contains(key.mapping()))
                .forEach(key -> LOG.info(
                        "There are checkpoints of a mapping '{}' on stream '{}', which is not configured here: if it"
                                + " was renamed, shardmill.mappings.<new name>.adopt-checkpoints-of={} goes on from them",
                        key.mapping(),
                        key.stream(),
                        key.mapping())));
    }

    /**
     * Those that a mapping, which has none here, has elsewhere; to be called before it is started. May block. The stream is asked only if
     * it matters: one that can't be reached would hold up the start.
     */
    void nameThoseOfOtherNamespaces(MappingDefinition definition) {
        EventSourceMapping mapping = definition.mapping();
        ifReachable(() -> {
            List<MappingKey> all = store.inAllNamespaces(mapping.name(), mapping.stream());
            if (!all.stream().allMatch(key -> key.namespace().equals(namespace))) {
                streams.find(mapping.stream())
                        .map(stream -> stream.describe().incarnation())
                        .ifPresent(incarnation -> nameThoseOn(incarnation, mapping, all));
            }
        });
    }

    private void nameThoseOn(String incarnation, EventSourceMapping mapping, List<MappingKey> all) {
        List<String> namespaces = all.stream()
                .filter(key -> key.incarnation().equals(incarnation))
                .map(MappingKey::namespace)
                .toList();
        if (!namespaces.isEmpty() && !namespaces.contains(namespace)) {
            LOG.warn(
                    "Mapping '{}' has no checkpoints in namespace '{}' and begins anew, but has some on this stream in"
                            + " {}: if the namespace, by default the application's name, was changed,"
                            + " shardmill.namespace={} goes on from them",
                    mapping.name(),
                    namespace,
                    namespaces,
                    namespaces.get(0));
        }
    }

    private static void ifReachable(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException unreachable) {
            LOG.debug("Checkpoints can't be looked at now; the mappings say so and wait", unreachable);
        }
    }
}
