package io.shardmill.examples.accountbalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.Result.FailedRecords;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.spring.test.ShardmillTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionTemplate;

@ShardmillTest(
        webEnvironment = WebEnvironment.NONE,
        properties = {"spring.datasource.url=jdbc:h2:mem:balances", "movements=1000", "seed=7"})
@ExtendWith(OutputCaptureExtension.class)
class BalanceFunctionTest {

    @Autowired
    private Function<List<Record>, Result> balances;

    @Autowired
    private BalanceTable table;

    @Autowired
    private TransactionTemplate transaction;

    private static List<Record> batch(String... texts) {
        List<Record> records = new ArrayList<>();
        for (String text : texts) {
            records.add(Record.of(
                    new Shard("movements", "shardId-000000000000"),
                    SequenceNumber.of(records.size()),
                    "key",
                    text,
                    Instant.EPOCH));
        }
        return records;
    }

    private static String movement(String account, long cents) {
        return "{\"account\":\"%s\",\"movement\":\"m\",\"cents\":%d}".formatted(account, cents);
    }

    @Test
    void generated_movements_are_delivered_and_their_sums_are_the_balances(CapturedOutput output) {
        assertThat(output).contains("RESULT seed=7 movements=1000 added=1000 accounts=100 wrong=0");
    }

    @Test
    void movements_of_a_batch_are_added_to_the_balances_of_their_accounts() {
        assertThat(balances.apply(batch(movement("sum-1", 100), movement("sum-2", 5), movement("sum-1", -30))))
                .isEqualTo(Result.success());
        assertThat(balances.apply(batch(movement("sum-1", -100)))).isEqualTo(Result.success());

        assertThat(table.balances("sum-")).isEqualTo(Map.of("sum-1", -30L, "sum-2", 5L));
        assertThat(table.movements("sum-")).isEqualTo(4);
    }

    @Test
    void a_record_that_is_no_movement_fails_after_those_before_it_were_added() {
        List<Record> batch =
                batch(movement("bad-1", 1), "{\"account\":\"bad-1\",\"movement\":\"m\"}", movement("bad-1", 10));

        assertThat(balances.apply(batch))
                .isInstanceOfSatisfying(
                        FailedRecords.class,
                        failed -> assertThat(failed.numbers())
                                .containsExactly(batch.get(1).sequenceNumber()));
        assertThat(table.balances("bad-")).isEqualTo(Map.of("bad-1", 1L));
    }

    @Test
    void the_function_takes_part_in_the_transaction_it_is_called_in() {
        transaction.executeWithoutResult(begun -> {
            assertThat(balances.apply(batch(movement("undone-1", 1)))).isEqualTo(Result.success());
            begun.setRollbackOnly();
        });
        assertThat(table.balances("undone-")).isEmpty();
    }
}
