package io.shardmill.examples.quickstart;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.StreamWriter;
import java.util.List;
import java.util.function.Function;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Prints orders, in order for each customer. */
@SpringBootApplication
public class OrdersApplication {

    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }

    /** The function of the mapping of the same name. */
    @Bean
    Function<List<Record>, Result> printOrders() {
        return batch -> {
            for (Record record : batch) {
                if (record.text().isBlank()) {
                    return Result.failedFrom(record); // those before it are done
                }
                System.out.println(record.partitionKey() + " ordered " + record.text());
            }
            return Result.success();
        };
    }

    @Bean
    ApplicationRunner someOrders(StreamWriter writer) {
        return arguments -> {
            writer.put("orders", PutEntry.of("alice", "tea"));
            writer.put("orders", PutEntry.of("bob", "coffee"));
            writer.put("orders", PutEntry.of("alice", "cake"));
        };
    }
}
