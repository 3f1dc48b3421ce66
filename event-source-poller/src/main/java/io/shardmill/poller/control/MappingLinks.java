package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.shard.ShardObservers;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mapping names, found when it is needed, and what became of working with it. Touched only inside the mapping's
 * turns, but for {@link #lastResult}.
 */
final class MappingLinks {

    private static final Logger LOG = LoggerFactory.getLogger(MappingLinks.class);

    private final MappingResources resources;
    private final Runnable changed;
    private final LastResult result = new LastResult();
    private @Nullable MappingPorts ports;
    private @Nullable AutoCloseable watch;

    /** @param changed called on any thread when the stream changes */
    MappingLinks(MappingResources resources, Runnable changed) {
        this.resources = resources;
        this.changed = changed;
    }

    /** @throws RuntimeException that says what there is not */
    MappingPorts to(EventSourceMapping mapping) {
        if (ports == null) {
            MappingPorts found = resources.find(mapping);
            watch = found.source().onChange(changed);
            ports = found.with(new ShardObservers(List.of(result, found.observer())));
        }
        return ports;
    }

    /** Finds everything anew next time. */
    void cut() {
        result.stopped();
        ports = null;
        try {
            if (watch != null) {
                watch.close();
            }
        } catch (Exception failure) {
            LOG.debug("Closing the watch on a stream failed", failure);
        }
        watch = null;
    }

    void available() {
        result.streamAvailable();
    }

    void unavailable(RuntimeException failure) {
        if (failure instanceof StreamUnavailableException || failure instanceof StreamNotFoundException) {
            result.streamUnavailable(String.valueOf(failure.getMessage()));
        }
    }

    /** Any thread may ask. */
    String lastResult() {
        return result.text();
    }
}
