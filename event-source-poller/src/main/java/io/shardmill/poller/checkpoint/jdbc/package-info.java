/** Checkpoints in a relational database: H2 and PostgreSQL. The one place of the poller that may use JDBC. */
@NullMarked
package io.shardmill.poller.checkpoint.jdbc;

import org.jspecify.annotations.NullMarked;
