/** Streams of Amazon Kinesis: read by mappings, and written to. */
@NullMarked
package io.shardmill.kinesis;

import org.jspecify.annotations.NullMarked;
