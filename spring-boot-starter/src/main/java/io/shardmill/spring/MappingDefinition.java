package io.shardmill.spring;

import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.EventSourceMapping;

/**
 * A mapping to be started.
 *
 * @param origin where it is configured, for messages
 * @param options how it begins, other than from its own checkpoints
 */
record MappingDefinition(String origin, EventSourceMapping mapping, StartOptions options) {}
