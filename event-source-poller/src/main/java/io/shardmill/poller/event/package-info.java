/** Lambda's documents: the event of a batch, and the invocation record of a discarded one, behind a port for each kind of source. Pure. */
@NullMarked
package io.shardmill.poller.event;

import org.jspecify.annotations.NullMarked;
