/** What is stored of streams beside their records, and the file that holds it. */
@NullMarked
package io.shardmill.embedded.metadata;

import org.jspecify.annotations.NullMarked;
