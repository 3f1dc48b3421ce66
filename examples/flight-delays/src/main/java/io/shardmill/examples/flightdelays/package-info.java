/** An application as a user of Shardmill would write it. */
@NullMarked
package io.shardmill.examples.flightdelays;

import org.jspecify.annotations.NullMarked;
