/** Airline delays, from a stream to a web page. */
@NullMarked
package io.shardmill.examples.flightdelays;

import org.jspecify.annotations.NullMarked;
