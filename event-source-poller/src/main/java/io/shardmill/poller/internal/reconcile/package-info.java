/** What a mapping does next, decided from its desired state and what is observed of it. Pure. */
@NullMarked
package io.shardmill.poller.internal.reconcile;

import org.jspecify.annotations.NullMarked;
