/** Lambda's documents: the event a batch is to a function, and what a destination is told. Pure. */
@NullMarked
package io.shardmill.poller.event;

import org.jspecify.annotations.NullMarked;
