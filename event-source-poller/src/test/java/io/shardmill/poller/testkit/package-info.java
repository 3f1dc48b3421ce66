/** Fakes that behave, in virtual time: the same engine classes, one thread, no clock. */
@NullMarked
package io.shardmill.poller.testkit;

import org.jspecify.annotations.NullMarked;
