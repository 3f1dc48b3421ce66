/** What observers are told while a shard is processed, and what a shard's status says. */
@NullMarked
package io.shardmill.poller.monitoring;

import org.jspecify.annotations.NullMarked;
