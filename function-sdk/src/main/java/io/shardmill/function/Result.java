package io.shardmill.function;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function says of its batch. As with Lambda's {@code ReportBatchItemFailures}, the records
 * before the lowest failed one are done, and all from it on are delivered again, those the function
 * did not name included (Lambda guide, "Reporting batch item failures"; spec 5.2). A result that names a
 * record or an index outside the batch fails the whole batch; a result that names none is a success.
 *
 * <p>A function whose declared return type is {@code Result} reports batch item failures without any
 * further setting. Throwing fails the whole batch.
 */
public sealed interface Result {

    /** Returns why records failed, if the function said so; else null. */
    default @Nullable Throwable cause() {
        return null;
    }

    /** The whole batch is done. */
    record Success() implements Result {
        private static final Success INSTANCE = new Success();
    }

    /**
     * Records given by their index in the batch failed.
     *
     * @param indexes from 0, in any order
     * @param cause why they failed, for the log and the endpoint; or null
     */
    record FailedIndexes(List<Integer> indexes, @Nullable Throwable cause) implements Result {
        public FailedIndexes {
            indexes = List.copyOf(indexes);
        }

        /** Without a cause. */
        public FailedIndexes(List<Integer> indexes) {
            this(indexes, null);
        }
    }

    /**
     * Records given by their sequence number failed.
     *
     * @param numbers in any order; one without a sub-sequence number names all records of the batch that were unpacked from its
     *     record
     * @param cause why they failed, for the log and the endpoint; or null
     */
    record FailedRecords(
            List<SequenceNumber> numbers, @Nullable Throwable cause) implements Result {
        public FailedRecords {
            numbers = List.copyOf(numbers);
        }

        /** Without a cause. */
        public FailedRecords(List<SequenceNumber> numbers) {
            this(numbers, null);
        }
    }

    static Result success() {
        return Success.INSTANCE;
    }

    /** The records before {@code record} are done; it and all after it are delivered again. */
    static Result failedFrom(Record record) {
        return new FailedRecords(List.of(record.sequenceNumber()));
    }

    /** The same, with why: the log and the endpoint show the cause's class and where it was thrown. */
    static Result failedFrom(Record record, Throwable cause) {
        return new FailedRecords(List.of(record.sequenceNumber()), cause);
    }

    /** The records before {@code index} (from 0) are done; it and all after it are delivered again. */
    static Result failedFrom(int index) {
        return new FailedIndexes(List.of(index));
    }

    /** The same, with why: the log and the endpoint show the cause's class and where it was thrown. */
    static Result failedFrom(int index, Throwable cause) {
        return new FailedIndexes(List.of(index), cause);
    }

    /** The records before the lowest of {@code records} are done. */
    static Result failed(Collection<Record> records) {
        return new FailedRecords(records.stream().map(Record::sequenceNumber).toList());
    }

    /** The records before the lowest of {@code indexes} (from 0) are done. */
    static Result failedIndexes(int... indexes) {
        return new FailedIndexes(Arrays.stream(indexes).boxed().toList());
    }
}
