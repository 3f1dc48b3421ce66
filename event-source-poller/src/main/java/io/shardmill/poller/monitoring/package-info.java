/** Callbacks for observers of a shard, and the status of a shard. */
@NullMarked
package io.shardmill.poller.monitoring;

import org.jspecify.annotations.NullMarked;
