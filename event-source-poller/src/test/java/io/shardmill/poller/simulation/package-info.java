/**
 * The seeded simulator: the engine's own classes in one thread and virtual time, under random events and
 * faults, watched by an oracle that writes the spec's algorithm a second time.
 */
@NullMarked
package io.shardmill.poller.simulation;

import org.jspecify.annotations.NullMarked;
