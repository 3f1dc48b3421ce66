package io.shardmill.poller.control;

import io.shardmill.poller.assignment.Assignment;

/**
 * How this process shares a database with other processes.
 *
 * @param namespace whose checkpoints: keeps applications and developers on one database apart
 * @param assignment tells which shards this process consumes
 */
public record Coordination(String namespace, Assignment assignment) {}
