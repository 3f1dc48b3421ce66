package io.shardmill.poller.control;

/**
 * Who works here.
 *
 * @param namespace whose checkpoints: keeps applications and developers on one database apart
 * @param owner this process, different for each start
 */
public record EngineIdentity(String namespace, String owner) {}
