/** The description of a function written for AWS Lambda, its invocations, and the port of the hosts that run it. */
@NullMarked
package io.shardmill.lambda;

import org.jspecify.annotations.NullMarked;
