package io.shardmill.spring;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.RecoveryReport.Finding;
import io.shardmill.function.Shard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The damaged shards of the embedded streams. An application with other streams has none. */
final class DamagedShards {

    static final String SKIP = "skip-damage";

    private final @Nullable EmbeddedStreams streams;

    DamagedShards(@Nullable EmbeddedStreams streams) {
        this.streams = streams;
    }

    /** What is damaged, by the shard. */
    Map<Shard, List<String>> all() {
        Map<Shard, List<String>> damages = new TreeMap<>(Comparator.comparing(Shard::toString));
        if (streams != null) {
            for (Finding finding : streams.recovery().report().damages()) {
                damages.computeIfAbsent(finding.shard(), shard -> new ArrayList<>())
                        .add(finding.toString());
            }
        }
        return damages;
    }

    /**
     * Gives the damaged records of a shard up.
     *
     * @return what was given up
     * @throws IllegalArgumentException if there is no such shard, or the action is another one
     */
    List<String> change(String stream, String shard, @Nullable String action) {
        if (!SKIP.equalsIgnoreCase(action)) {
            throw new IllegalArgumentException("'action' is " + (action == null ? "missing" : "'" + action + "'")
                    + ": for a shard it must be " + SKIP);
        }
        if (streams == null) {
            throw new IllegalArgumentException("This application has no embedded streams");
        }
        return streams.recovery().skipDamage(stream, shard).stream()
                .map(Finding::toString)
                .toList();
    }
}
