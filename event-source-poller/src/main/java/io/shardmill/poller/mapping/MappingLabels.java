package io.shardmill.poller.mapping;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of a mapping and reported as it was given, and has no effect.
 *
 * @param tags by their keys
 * @param ignored settings of Lambda's that mean nothing here, as JSON, by their names
 */
public record MappingLabels(SortedMap<String, String> tags, SortedMap<String, String> ignored) {

    /** The labels of a mapping that was given none. */
    public static final MappingLabels NONE = new MappingLabels(new TreeMap<>(), new TreeMap<>());

    public MappingLabels {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        ignored = Collections.unmodifiableSortedMap(new TreeMap<>(ignored));
    }

    public MappingLabels withTags(Map<String, String> newTags) {
        return new MappingLabels(new TreeMap<>(newTags), ignored);
    }

    public MappingLabels withIgnored(Map<String, String> newIgnored) {
        return new MappingLabels(tags, new TreeMap<>(newIgnored));
    }
}
