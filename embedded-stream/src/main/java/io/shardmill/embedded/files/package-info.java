/** Files that survive a crash, and the lock of a folder. */
@NullMarked
package io.shardmill.embedded.files;

import org.jspecify.annotations.NullMarked;
