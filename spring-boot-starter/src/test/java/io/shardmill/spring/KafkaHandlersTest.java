package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.KafkaFormat;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.FunctionInvoker;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import io.shardmill.runtime.InvocationOutcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans over AWS's {@code KafkaEvent}. */
class KafkaHandlersTest {

    private static final Shard PARTITION = new Shard("orders", "orders-0");

    @TempDir
    private Path folder;

    /** Names the records of which the value is {@code broken}. */
    private static Map<String, Object> report(KafkaEvent event) {
        List<Map<String, Object>> failures = event.getRecords().get("orders-0").stream()
                .filter(record -> "broken"
                        .equals(new String(Base64.getDecoder().decode(record.getValue()), StandardCharsets.UTF_8)))
                .map(record -> Map.<String, Object>of(
                        "itemIdentifier",
                        Map.of(
                                "partition",
                                record.getTopic() + "-" + record.getPartition(),
                                "offset",
                                record.getOffset())))
                .toList();
        return Map.of("batchItemFailures", failures);
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {

        @Bean
        RequestHandler<KafkaEvent, Map<String, Object>> handler() {
            return (event, context) -> report(event);
        }

        @Bean
        Function<KafkaEvent, Map<String, Object>> function() {
            return KafkaHandlersTest::report;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"handler", "function"})
    void a_bean_over_events_of_kafka_reports_records_by_partition_and_offset(String name) {
        List<Record> records = List.of(record(15, "fine"), record(16, "broken"), record(17, "fine"));
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        try {
            Apps.in(folder).withUserConfiguration(Handlers.class).run(context -> {
                FunctionInvoker invoker = new FunctionInvoker(
                        name,
                        context.getBean(FunctionCatalog.class).find(name),
                        FunctionSettings.defaults(),
                        new Deadlines(timer),
                        InvocationInterceptor.NONE);
                InvocationOutcome outcome = invoker.invoke(invocation(records), true, thread -> {});

                assertThat(outcome).isEqualTo(new InvocationOutcome.PartlyFailed(1));
            });
        } finally {
            timer.shutdownNow();
        }
    }

    private static Record record(long offset, String value) {
        KafkaMetadata kafka =
                new KafkaMetadata("orders", 0, offset, KafkaMetadata.TimestampType.CREATE_TIME, null, List.of());
        return Record.ofKafka(PARTITION, kafka, value.getBytes(StandardCharsets.UTF_8), 1_789_809_023_187L);
    }

    private static Invocation invocation(List<Record> records) {
        KafkaFormat format = new KafkaFormat("arn:aws:kafka:us-east-1:123456789012:topic/orders", "b-1:9092", null);
        return new Invocation(
                new Invocation.Origin("orders", PARTITION, 0, 1),
                new Invocation.Attempt("8b2c3a4e-0000-4000-8000-000000000001", 1),
                records,
                null,
                format.event(PARTITION, records, null));
    }
}
