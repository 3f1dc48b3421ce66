package io.shardmill.poller.internal.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * What a mapping is to come to in this process.
 *
 * @param desired what was accepted last
 * @param isClosing this process stops; the mapping itself stays
 * @param replayAtStart from where this process delivers again before anything else, or null
 */
public record Target(
        DesiredState desired, boolean isClosing, @Nullable String replayAtStart) {

    boolean isEnd() {
        return isClosing || desired.deleted();
    }
}
