package io.shardmill.poller.internal.filter;

import io.shardmill.function.Record;
import io.shardmill.poller.event.RecordFields;
import io.shardmill.poller.event.RecordFields.PayloadRule;
import io.shardmill.poller.event.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Says which records of a stream are delivered: those that match one of the patterns. Compiled when made; immutable and
 * safe for any thread.
 *
 * <p>A payload is read only if a pattern names it. What becomes of conditions on one that is not what they ask of says the source's
 * {@link PayloadRule}; an alternative of {@code $or} that does not name it can always match.
 */
public final class RecordFilter {

    /**
     * A field beside the payload.
     *
     * @param path names in each other, joined with dots
     * @param fields that patterns have there
     */
    private record Metadata(String path, int[] fields) {}

    private final RecordFields source;
    private final PayloadViews payloads;
    private final List<Metadata> metadata = new ArrayList<>();

    private RecordFilter(RecordFields source, List<String> patterns) {
        this.source = source;
        PatternSet set = new PatternSet(
                patterns.stream().map(text -> parse(source, text)).toList());
        NameTree names = set.names();
        this.payloads = names.names().contains(source.payload())
                ? payloads(source, set, names.child(source.payload()))
                : record -> Views.ofObject(set);
        for (String name : names.names()) {
            if (!name.equals(source.payload())) {
                addMetadata(name, names.child(name));
            }
        }
    }

    private static PayloadViews payloads(RecordFields source, PatternSet patterns, NameTree names) {
        PayloadReader reader = new PayloadReader(patterns);
        return switch (source.payloadRule()) {
            case JSON -> new JsonPayloads(patterns, reader, names);
            case JSON_OR_TEXT -> new TextPayloads(source, patterns, reader, names);
        };
    }

    private void addMetadata(String path, NameTree tree) {
        if (tree.fields().length > 0) {
            metadata.add(new Metadata(path, tree.fields()));
        }
        tree.names().forEach(name -> addMetadata(path + "." + name, tree.child(name)));
    }

    /**
     * Returns a filter of a source's records.
     *
     * @throws InvalidPatternException if a pattern is wrong
     */
    public static RecordFilter of(RecordFields source, List<String> patterns) {
        return new RecordFilter(source, patterns);
    }

    /**
     * Checks a pattern for a source.
     *
     * @throws InvalidPatternException that says what is wrong, and where
     */
    public static void validate(RecordFields source, String pattern) {
        parse(source, pattern);
    }

    /**
     * Checks a pattern as far as that can be done without its source.
     *
     * @param payload the name that one kind of source has for its payloads, which are JSON there; no other source has that name
     * @throws InvalidPatternException that says what is wrong, and where
     */
    public static void validate(String payload, String pattern) {
        Pattern.parse(pattern).ways().forEach(way -> way.forEach(field -> requireFields(payload, field)));
    }

    private static Pattern parse(RecordFields source, String text) {
        Pattern pattern = Pattern.parse(text);
        for (List<Field> way : pattern.ways()) {
            way.forEach(field -> require(source, field));
        }
        return pattern;
    }

    private static void require(RecordFields source, Field field) {
        if (source.payloadRule() == PayloadRule.JSON) {
            requireFields(source.payload(), field);
        }
        String top = field.name().split("\\.", 2)[0];
        Set<String> names = source.names();
        if (!names.isEmpty() && !names.contains(top)) {
            throw InvalidPatternException.at(
                    top,
                    "is nothing that records of this source have; they have "
                            + String.join(", ", names.stream().sorted().toList()));
        }
    }

    /** A payload that is JSON has fields; a value to compare all of it with is no condition (spec 2.2). */
    private static void requireFields(String payload, Field field) {
        if (field.name().equals(payload)) {
            throw InvalidPatternException.at(payload, "must be an object that names fields of the payload's JSON");
        }
    }

    /**
     * Whether the record is to be delivered.
     *
     * @throws UnfilterableRecordException if that can't be said: its JSON is beyond the parser's bounds, such as a depth of
     *     500, or the elements of its arrays can be combined in more than 1,000 ways that matter to the patterns
     */
    public boolean matches(Record record) {
        Views views = payloads.of(record);
        for (Metadata field : metadata) {
            for (Scalar value : source.metadata(field.path(), record)) {
                views.value(field.fields(), value);
            }
        }
        return views.match();
    }
}
