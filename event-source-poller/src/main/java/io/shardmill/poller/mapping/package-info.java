/** What the user configured: an event source mapping, in Lambda's terms and ranges. */
@NullMarked
package io.shardmill.poller.mapping;

import org.jspecify.annotations.NullMarked;
