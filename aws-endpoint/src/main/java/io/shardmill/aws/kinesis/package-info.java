/** The Kinesis Data Streams API over embedded streams. */
@NullMarked
package io.shardmill.aws.kinesis;

import org.jspecify.annotations.NullMarked;
