/** Stores everything about streams but their records. */
@NullMarked
package io.shardmill.embedded.internal.metadata;

import org.jspecify.annotations.NullMarked;
