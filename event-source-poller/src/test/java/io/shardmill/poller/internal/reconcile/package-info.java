@NullMarked
package io.shardmill.poller.internal.reconcile;

import org.jspecify.annotations.NullMarked;
