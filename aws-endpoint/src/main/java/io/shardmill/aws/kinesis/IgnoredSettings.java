package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream's settings that have no effect here: encryption, and metrics of single shards. Immutable. */
record IgnoredSettings(Map<String, String> byName) {

    private static final String KEY_ID = "KeyId";
    private static final String METRICS = "ShardLevelMetrics";

    static IgnoredSettings of(StreamInfo stream) {
        return new IgnoredSettings(stream.config().ignored());
    }

    /** Returns the key that it was to be encrypted with; null for none. */
    @Nullable
    String keyId() {
        return byName.get(KEY_ID);
    }

    List<String> metrics() {
        String metrics = byName.get(METRICS);
        return metrics == null ? List.of() : List.of(metrics.split(",", -1));
    }

    /** @param keyId null for no encryption */
    Map<String, String> withKeyId(@Nullable String keyId) {
        return with(KEY_ID, keyId);
    }

    Map<String, String> withMetrics(Consumer<Set<String>> change) {
        Set<String> metrics = new TreeSet<>(metrics());
        change.accept(metrics);
        return with(METRICS, metrics.isEmpty() ? null : String.join(",", metrics));
    }

    private Map<String, String> with(String name, @Nullable String value) {
        Map<String, String> changed = new TreeMap<>(byName);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }
}
