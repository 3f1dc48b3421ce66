/** Amazon Resource Names, and the region and account that those of this process are in. */
@NullMarked
package io.shardmill.runtime.arn;

import org.jspecify.annotations.NullMarked;
