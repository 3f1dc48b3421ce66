package io.shardmill.poller.control;

import java.util.concurrent.CompletableFuture;

/**
 * A change that has begun.
 *
 * @param answer what Lambda answers to it: the mapping in the state that it passes through
 * @param settled done when the change is made; what fails it says why
 */
public record MappingChange(MappingConfiguration answer, CompletableFuture<Void> settled) {}
