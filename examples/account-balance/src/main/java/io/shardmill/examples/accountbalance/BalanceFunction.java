package io.shardmill.examples.accountbalance;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The function that the mapping {@code balances} feeds. */
@Configuration(proxyBeanMethods = false)
class BalanceFunction {

    /** Adds a batch of movements to the balances; names the first record that it can't read, and has added those before it. */
    @Bean
    Function<List<Record>, Result> balances(JsonMapper json, BalanceTable table) {
        return batch -> {
            Map<String, BalanceChange> changes =
                    new TreeMap<>(); // rows are locked in one order, by all who lock several
            Result result = Result.success();
            for (Record record : batch) {
                try {
                    Movement movement = json.readValue(record.text(), Movement.class);
                    changes.merge(movement.account(), BalanceChange.of(movement, record), BalanceChange::then);
                } catch (JacksonException unreadable) {
                    result = Result.failedFrom(record, unreadable);
                    break;
                }
            }
            table.add(List.copyOf(changes.values()));
            return result;
        };
    }
}
