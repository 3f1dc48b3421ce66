package io.shardmill.interop.replicas;

import io.shardmill.function.InvocationContext;
import io.shardmill.function.Record;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes a row for each record that it is given. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ReplicaApplication {

    public static void main(String[] args) {
        SpringApplication.run(ReplicaApplication.class, args);
    }

    @Bean
    Consumer<List<Record>> deliver(
            JdbcTemplate jdbc, @Value("${replica}") String replica, @Value("${handlers}") Path folder) {
        Handlers handlers = new Handlers(folder);
        return batch -> {
            if (TransactionSynchronizationManager.isSynchronizationActive()) {
                TransactionSynchronizationManager.registerSynchronization(beforeCommit(
                        () -> handlers.committing(replica, batch.get(0).shardId())));
            }
            long token = InvocationContext.current().fencingToken();
            List<Object[]> rows = batch.stream()
                    .map(record -> new Object[] {
                        record.shardId(),
                        record.sequenceNumber().toString(),
                        record.partitionKey(),
                        Long.valueOf(record.text()),
                        replica,
                        token,
                        InvocationContext.current().requestId()
                    })
                    .toList();
            jdbc.batchUpdate(
                    "insert into " + InvocationContext.current().mapping()
                            + ".delivery (shard, seq, key, ordinal, replica, fencing_token, request)"
                            + " values (?, ?, ?, ?, ?, ?, ?)",
                    rows);
            // What is written is there for a while before the batch is finished.
            jdbc.execute("select pg_sleep(" + handlers.seconds() + ")");
        };
    }

    /** Runs after the last statement of a transaction. */
    private static TransactionSynchronization beforeCommit(Runnable then) {
        return new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                then.run();
            }
        };
    }
}
