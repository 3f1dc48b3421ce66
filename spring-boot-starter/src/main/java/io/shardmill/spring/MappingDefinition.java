package io.shardmill.spring;

import io.shardmill.poller.control.Replay;
import io.shardmill.poller.mapping.EventSourceMapping;
import org.jspecify.annotations.Nullable;

/**
 * A mapping to be started.
 *
 * @param origin where it is configured, for messages
 * @param replay deliver again from there, or null
 */
record MappingDefinition(
        String origin, EventSourceMapping mapping, @Nullable Replay replay) {}
