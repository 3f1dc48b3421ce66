/** Where batches go that are given up. */
@NullMarked
package io.shardmill.poller.destination;

import org.jspecify.annotations.NullMarked;
