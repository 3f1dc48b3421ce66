/** What a mapping has finished of each shard, and the port to where that is kept. */
@NullMarked
package io.shardmill.poller.checkpoint;

import org.jspecify.annotations.NullMarked;
