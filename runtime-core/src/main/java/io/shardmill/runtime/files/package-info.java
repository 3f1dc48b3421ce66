/** Files and folders as every room that stores something needs them: durable, locked, and deleted without a trace. */
@NullMarked
package io.shardmill.runtime.files;

import org.jspecify.annotations.NullMarked;
