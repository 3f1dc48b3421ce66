/** Which shard may start, by example. */
@NullMarked
package io.shardmill.poller.internal.lineage;

import org.jspecify.annotations.NullMarked;
