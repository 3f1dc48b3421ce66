package io.shardmill.poller.checkpoint;

/**
 * Whose checkpoints. A stream that was deleted and created again is another stream.
 *
 * @param namespace keeps applications and developers on one database apart
 * @param incarnation as the stream names it
 */
public record MappingKey(String namespace, String mapping, String stream, String incarnation) {}
