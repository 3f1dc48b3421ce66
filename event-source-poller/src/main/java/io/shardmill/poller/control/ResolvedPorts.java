package io.shardmill.poller.control;

import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.monitoring.ShardObservers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves a mapping's stream, function and destination once for all shards that run together, and gives back what they
 * took. Touched only inside the mapping's turns.
 */
final class ResolvedPorts {

    private static final Logger LOG = LoggerFactory.getLogger(ResolvedPorts.class);

    private final MappingResources resources;
    private final ShardObserver observer;
    private final Runnable streamChanged;
    private @Nullable MappingPorts ports;
    private @Nullable AutoCloseable watch;

    /**
     * @param observer observes the shards, too
     * @param streamChanged called on any thread when the stream changes
     */
    ResolvedPorts(MappingResources resources, ShardObserver observer, Runnable streamChanged) {
        this.resources = resources;
        this.observer = observer;
        this.streamChanged = streamChanged;
    }

    /** @throws RuntimeException that says what is missing */
    MappingPorts of(EventSourceMapping mapping) {
        if (ports == null) {
            MappingPorts resolved = resources.resolve(mapping);
            try {
                watch = resolved.source().onChange(streamChanged);
            } catch (RuntimeException | Error failure) {
                resources.release(mapping);
                throw failure;
            }
            RetryLimit.announce(mapping, resolved.source().type());
            ports = resolved.with(new ShardObservers(List.of(observer, resolved.observer())));
        }
        return ports;
    }

    /** Closes them; harmless if none are resolved. Nothing of the mapping runs any more, or it was abandoned. */
    void close(EventSourceMapping mapping) {
        if (ports == null) {
            return;
        }
        ports = null;
        try {
            if (watch != null) {
                watch.close();
            }
        } catch (Exception failure) {
            LOG.debug("Closing the watch on stream '{}' failed", mapping.stream(), failure);
        } finally {
            watch = null;
            resources.release(mapping);
        }
    }
}
