/** An application as a user of Shardmill would write it, and run it in production. */
@NullMarked
package io.shardmill.examples.accountbalance;

import org.jspecify.annotations.NullMarked;
