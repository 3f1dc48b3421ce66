/** What the embedded stream takes and returns: options, descriptions, reports and errors, with Kinesis's rules for them. */
@NullMarked
package io.shardmill.embedded.model;

import org.jspecify.annotations.NullMarked;
