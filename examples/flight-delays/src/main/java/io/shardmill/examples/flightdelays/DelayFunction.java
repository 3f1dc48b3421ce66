package io.shardmill.examples.flightdelays;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The function that the mapping {@code delays} feeds. */
@Configuration(proxyBeanMethods = false)
class DelayFunction {

    /** Counts a batch of flights; names the first line it can't read, and has counted those before it. */
    @Bean
    Function<List<Record>, Result> delays(JsonMapper json, DelayTable table) {
        return batch -> {
            List<Flight> flights = new ArrayList<>(batch.size());
            Result result = Result.success();
            for (Record record : batch) {
                try {
                    flights.add(json.readValue(record.text(), Flight.class));
                } catch (JacksonException unreadable) {
                    result = Result.failedFrom(record, unreadable);
                    break;
                }
            }
            table.add(flights);
            return result;
        };
    }
}
