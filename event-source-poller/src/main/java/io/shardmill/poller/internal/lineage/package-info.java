/** Which shard may start, decided from checkpoint rows and the stream's listing alone. Pure. */
@NullMarked
package io.shardmill.poller.internal.lineage;

import org.jspecify.annotations.NullMarked;
