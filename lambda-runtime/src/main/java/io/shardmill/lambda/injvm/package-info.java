/** Handlers written for AWS Lambda, run in this JVM: the application's own, and those of handler jars. */
@NullMarked
package io.shardmill.lambda.injvm;

import org.jspecify.annotations.NullMarked;
