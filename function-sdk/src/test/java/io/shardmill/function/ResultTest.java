package io.shardmill.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {

    @Test
    void names_failed_records_by_number_or_by_index() {
        Record third = record(3);
        assertThat(Result.success()).isEqualTo(new Result.Success());
        assertThat(Result.failedFrom(third)).isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(3))));
        assertThat(Result.failedFrom(2)).isEqualTo(new Result.FailedIndexes(List.of(2)));
        assertThat(Result.failed(List.of(third, record(1))))
                .isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(3), SequenceNumber.of(1))));
        assertThat(Result.failedIndexes(4, 2)).isEqualTo(new Result.FailedIndexes(List.of(4, 2)));
    }

    @Test
    void a_list_that_is_changed_later_does_not_change_it() {
        List<Integer> indexes = new ArrayList<>(List.of(1));
        Result.FailedIndexes result = new Result.FailedIndexes(indexes);
        indexes.add(0);
        assertThat(result.indexes()).containsExactly(1);
    }

    private static Record record(long number) {
        return Record.of(new Shard("s", "0"), SequenceNumber.of(number), "k", "", Instant.EPOCH);
    }
}
