package io.shardmill.interop.replicas;

import io.shardmill.function.Record;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Has its checkpoints in a file of its own, and writes a line for each record that it is given. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
public class FileApplication {

    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    public static void main(String[] args) {
        SpringApplication.run(FileApplication.class, args);
    }

    @Bean
    Consumer<List<Record>> deliver(@Value("${replica}") String replica, @Value("${deliveries}") Path file) {
        DeliveryFile deliveries = new DeliveryFile(file);
        return batch -> {
            deliveries.add(replica, batch);
            // What is written is there for a while before the batch is finished.
            LockSupport.parkNanos(PAUSE_NANOS);
        };
    }
}
