/** Checksummed lines, mapped files, and the lock of a folder of streams. */
@NullMarked
package io.shardmill.embedded.internal.files;

import org.jspecify.annotations.NullMarked;
