/**
 * The port to a stream: its shards, and reading one of them. In terms of the function SDK alone, so that
 * a connector needs nothing else of the poller.
 */
@NullMarked
package io.shardmill.poller.stream;

import org.jspecify.annotations.NullMarked;
