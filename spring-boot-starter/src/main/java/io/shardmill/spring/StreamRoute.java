package io.shardmill.spring;

import io.shardmill.function.StreamWriter;
import java.util.function.Predicate;

/**
 * Streams that a writer of their own puts into.
 *
 * @param has returns whether a stream is one of them
 */
record StreamRoute(Predicate<String> has, StreamWriter writer) {}
