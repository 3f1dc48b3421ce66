/** The executable: functions are deployed into it as into Lambda. */
@NullMarked
package io.shardmill.server;

import org.jspecify.annotations.NullMarked;
