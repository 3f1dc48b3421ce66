/** The packaged server in the hands of the clients that people have already. */
@NullMarked
package io.shardmill.interop;

import org.jspecify.annotations.NullMarked;
