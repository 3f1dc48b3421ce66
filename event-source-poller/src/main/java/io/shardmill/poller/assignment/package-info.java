/** Which process consumes which shards: the port, and its forms for one process and for several on one database. */
@NullMarked
package io.shardmill.poller.assignment;

import org.jspecify.annotations.NullMarked;
