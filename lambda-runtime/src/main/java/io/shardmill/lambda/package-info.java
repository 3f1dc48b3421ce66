/** What all functions written for AWS Lambda have in common, wherever they run. */
@NullMarked
package io.shardmill.lambda;

import org.jspecify.annotations.NullMarked;
