/** The smallest application there is; the README shows it. */
@NullMarked
package io.shardmill.examples.quickstart;

import org.jspecify.annotations.NullMarked;
