package io.shardmill.poller.internal.filter;

import io.shardmill.function.Record;
import io.shardmill.poller.event.RecordFields;
import io.shardmill.poller.event.Scalar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which records of a stream are delivered: those that match one of the patterns. Compiled when made; immutable and
 * safe for any thread.
 *
 * <p>A payload is read as JSON only if a pattern names {@code data}. One that is no JSON matches no condition on
 * {@code data}, {@code exists: false} included; an alternative of {@code $or} that does not name it can still match.
 */
public final class RecordFilter {

    private final RecordFields source;
    private final PatternSet patterns;
    private final PayloadReader payloads;
    private final @Nullable NameTree payloadNames;
    private final List<String> metadataNames;

    private RecordFilter(RecordFields source, List<String> patterns) {
        this.source = source;
        this.patterns = new PatternSet(
                patterns.stream().map(text -> parse(source.payload(), text)).toList());
        this.payloads = new PayloadReader(this.patterns);
        NameTree names = this.patterns.names();
        this.payloadNames = names.names().contains(source.payload()) ? names.child(source.payload()) : null;
        this.metadataNames = names.names().stream()
                .filter(name -> !name.equals(source.payload()))
                .toList();
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
     * Checks a pattern.
     *
     * @param payload the name that patterns have for a record's payload
     * @throws InvalidPatternException that says what is wrong, and where
     */
    public static void validate(String payload, String pattern) {
        parse(payload, pattern);
    }

    /** The payload has fields; a value to compare all of it with is no condition (spec 2.2). */
    private static Pattern parse(String payload, String text) {
        Pattern pattern = Pattern.parse(text);
        for (List<Field> way : pattern.ways()) {
            for (Field field : way) {
                if (field.name().equals(payload)) {
                    throw InvalidPatternException.at(
                            field.name(), "must be an object that names fields of the payload's JSON");
                }
            }
        }
        return pattern;
    }

    /**
     * Whether the record is to be delivered.
     *
     * @throws UnfilterableRecordException if that can't be said: its JSON is beyond the parser's bounds, such as a depth of
     *     500, or the elements of its arrays can be combined in more than 1,000 ways that matter to the patterns
     */
    public boolean matches(Record record) {
        Views views = payloadNames == null ? null : payloads.read(record.bytes(), payloadNames);
        if (views == null) {
            views = Views.ofObject(patterns);
            if (payloadNames != null) {
                views.unknown(payloadNames);
            }
        }
        for (String name : metadataNames) {
            int[] fields = patterns.names().child(name).fields();
            Scalar value = fields.length == 0 ? null : source.metadata(name, record);
            if (value != null) {
                views.value(fields, value);
            }
        }
        return views.match();
    }
}
