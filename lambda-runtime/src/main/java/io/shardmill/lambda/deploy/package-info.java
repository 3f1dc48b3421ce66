/** Functions deployed as on Lambda: their configuration, their code on the disk, and what of it runs now. */
@NullMarked
package io.shardmill.lambda.deploy;

import org.jspecify.annotations.NullMarked;
