/** Lambda's API over mappings and deployed functions. */
@NullMarked
package io.shardmill.aws.lambda;

import org.jspecify.annotations.NullMarked;
