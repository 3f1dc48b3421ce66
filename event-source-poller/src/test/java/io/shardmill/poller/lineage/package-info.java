/** Which shard may start, by example. */
@NullMarked
package io.shardmill.poller.lineage;

import org.jspecify.annotations.NullMarked;
