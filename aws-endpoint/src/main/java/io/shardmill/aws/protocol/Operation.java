package io.shardmill.aws.protocol;

/**
 * One operation of a service.
 *
 * @param name as AWS calls it
 * @param input what it takes
 * @param action what it does with that
 * @param <A> the service's actions
 */
public record Operation<A>(String name, Shape input, A action) {}
