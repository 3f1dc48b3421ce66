/**
 * What a function compiles against: a batch of {@link io.shardmill.function.Record}s in, a
 * {@link io.shardmill.function.Result} out. Depends on the JDK alone.
 *
 * <p>Import {@code io.shardmill.function.Record} by name: a wildcard import is ambiguous with
 * {@code java.lang.Record}, and no import at all silently means the JDK's.
 */
@NullMarked
package io.shardmill.function;

import org.jspecify.annotations.NullMarked;
