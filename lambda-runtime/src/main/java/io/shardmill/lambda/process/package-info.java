/** Functions in processes of their own: execution environments behind the Lambda Runtime API. */
@NullMarked
package io.shardmill.lambda.process;

import org.jspecify.annotations.NullMarked;
