/**
 * Invoking a function over a batch: finding it, its deadline and concurrency limit, and what came of it.
 * Knows neither Spring nor streams.
 */
@NullMarked
package io.shardmill.runtime;

import org.jspecify.annotations.NullMarked;
