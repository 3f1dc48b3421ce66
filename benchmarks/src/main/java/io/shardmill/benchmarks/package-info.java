/** Benchmarks, and comparisons with peers. */
@NullMarked
package io.shardmill.benchmarks;

import org.jspecify.annotations.NullMarked;
