/** Mappings as a whole: started, described, paused, resumed, replayed, updated, stopped. */
@NullMarked
package io.shardmill.poller.control;

import org.jspecify.annotations.NullMarked;
