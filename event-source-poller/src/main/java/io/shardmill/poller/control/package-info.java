/** Mappings as a whole: created, started, described, paused, resumed, replayed, updated, stopped, deleted. */
@NullMarked
package io.shardmill.poller.control;

import org.jspecify.annotations.NullMarked;
