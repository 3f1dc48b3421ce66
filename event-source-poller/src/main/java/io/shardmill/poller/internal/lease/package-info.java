/** How processes on one database share shards: who lives, who should have what. Decided purely, but for {@code DatabaseLeases}. */
@NullMarked
package io.shardmill.poller.internal.lease;

import org.jspecify.annotations.NullMarked;
