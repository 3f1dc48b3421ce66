/** Several processes of one application that share the shards of a stream, and what may happen to them. */
@NullMarked
package io.shardmill.interop.replicas;

import org.jspecify.annotations.NullMarked;
