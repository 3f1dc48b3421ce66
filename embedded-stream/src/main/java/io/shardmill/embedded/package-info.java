/** A durable, Kinesis-shaped stream in this process. */
@NullMarked
package io.shardmill.embedded;

import org.jspecify.annotations.NullMarked;
