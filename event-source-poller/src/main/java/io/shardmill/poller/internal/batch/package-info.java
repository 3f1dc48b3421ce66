/**
 * Records into lanes and batches, what to do with a failed batch, and what is finished: decisions only.
 * Pure: time and ids come in as arguments, in milliseconds since the epoch.
 */
@NullMarked
package io.shardmill.poller.internal.batch;

import org.jspecify.annotations.NullMarked;
