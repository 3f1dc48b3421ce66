/** Shardmill in Spring's container: the catalog, properties, wiring and endpoints. */
@NullMarked
package io.shardmill.spring;

import org.jspecify.annotations.NullMarked;
