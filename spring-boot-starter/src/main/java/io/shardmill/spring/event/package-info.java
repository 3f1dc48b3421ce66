/**
 * Application events: what happens to mappings, for the application's {@code @EventListener}s. Published on a
 * thread of their own, in order; when listeners are too slow some are left out, which the log says.
 */
@NullMarked
package io.shardmill.spring.event;

import org.jspecify.annotations.NullMarked;
