package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.mapping.FilterCriteria;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** The filters that mappings have here, and what each lets through, by other means than the engine's. */
record SimulatedFilter(FilterCriteria criteria, Predicate<Record> passes) {

    /** Payloads, the last of which is no JSON; one that is too large for a schedule's many is none either. */
    private static final List<String> PAYLOADS =
            List.of("{\"kind\":\"a\"}", "{\"kind\":\"b\"}", "{\"other\":1}", "kind: a, b");

    private static final List<SimulatedFilter> ALL = List.of(
            filter(record -> true),
            filter(record -> is(record, 'a'), "{\"data\":{\"kind\":[\"a\"]}}"),
            filter(record -> is(record, 'a') || is(record, 'b'), "{\"data\":{\"kind\":[{\"exists\":true}]}}"),
            filter(record -> record.partitionKey().endsWith("1"), "{\"partitionKey\":[{\"suffix\":\"1\"}]}"),
            filter(
                    record -> !record.partitionKey().equals("key-0")
                            && !record.partitionKey().equals("key-2"),
                    "{\"partitionKey\":[{\"anything-but\":[\"key-0\",\"key-2\"]}]}"),
            filter(
                    record -> is(record, 'b') || (record.partitionKey().equals("key-0") && is(record, 'a')),
                    "{\"data\":{\"kind\":[\"b\"]}}",
                    "{\"partitionKey\":[\"key-0\"],\"data\":{\"kind\":[\"a\"]}}"),
            filter(record -> false, "{\"partitionKey\":[\"nobody\"]}"));

    private static SimulatedFilter filter(Predicate<Record> passes, String... patterns) {
        return new SimulatedFilter(FilterCriteria.of(patterns), passes);
    }

    private static boolean is(Record record, char kind) {
        return record.size() == PAYLOADS.get(0).length() && record.data().get(9) == kind;
    }

    static FilterCriteria draw(Random random) {
        return ALL.get(random.nextInt(ALL.size())).criteria();
    }

    static String drawPayload(Random random) {
        return PAYLOADS.get(random.nextInt(PAYLOADS.size()));
    }

    static SimulatedFilter of(FilterCriteria criteria) {
        return ALL.stream()
                .filter(filter -> filter.criteria().equals(criteria))
                .findFirst()
                .orElseThrow();
    }
}
