/** Log tails, platform lines and errors in Lambda's words, for every host of functions. */
@NullMarked
package io.shardmill.lambda.internal;

import org.jspecify.annotations.NullMarked;
