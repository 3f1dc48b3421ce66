/** Values of the embedded stream: options, descriptions, reports and errors, with Kinesis's rules for them. */
@NullMarked
package io.shardmill.embedded.model;

import org.jspecify.annotations.NullMarked;
