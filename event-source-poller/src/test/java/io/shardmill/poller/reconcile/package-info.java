@NullMarked
package io.shardmill.poller.reconcile;

import org.jspecify.annotations.NullMarked;
