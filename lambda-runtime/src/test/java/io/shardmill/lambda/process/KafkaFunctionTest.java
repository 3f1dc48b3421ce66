package io.shardmill.lambda.process;

import static io.shardmill.poller.testkit.KafkaRecords.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.KafkaFormat;
import io.shardmill.poller.testkit.KafkaRecords;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Java function over AWS's {@code KafkaEvent} in a process of its own. */
@Timeout(300)
class KafkaFunctionTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final KafkaFormat FORMAT =
            new KafkaFormat("arn:aws:kafka:us-east-1:123456789012:topic/orders", "b-1:9092", null);

    /** Reports the records with the header {@code type: größe}. */
    private static final String SOURCE = """
            package ex;

            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            import java.nio.charset.StandardCharsets;
            import java.util.*;

            public class Kafka implements RequestHandler<KafkaEvent, Map<String, Object>> {
                @Override
                public Map<String, Object> handleRequest(KafkaEvent event, Context context) {
                    List<Map<String, Object>> failures = new ArrayList<>();
                    event.getRecords().forEach((partition, records) -> records.forEach(record -> {
                        for (Map<String, byte[]> header : record.getHeaders()) {
                            byte[] type = header.get("type");
                            if (type != null && new String(type, StandardCharsets.UTF_8).equals("gr\\u00f6\\u00dfe")) {
                                failures.add(Map.of("itemIdentifier",
                                        Map.of("partition", partition, "offset", record.getOffset())));
                            }
                        }
                    }));
                    return Map.of("batchItemFailures", failures);
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void gets_the_event_and_names_a_record_by_partition_and_offset() throws Exception {
        List<Record> records = List.of(
                KafkaRecords.of(14, null, null),
                KafkaRecords.of(15, "k".getBytes(UTF_8), "v".getBytes(UTF_8), List.of(header("type", "größe"))));
        try (Functions functions = new Functions(folder)) {
            Path code = functions.newFolder();
            HandlerJar.compile("ex.Kafka", SOURCE, code);
            HandlerJar.copyToLib(KafkaEvent.class, code);
            HandlerJar.copyToLib(HandlerJar.joda(), code);
            // A loaded machine may take longer to start a JVM than Lambda's 10 s.
            ProcessFunction function = functions.start(
                    Functions.revision("java17", "ex.Kafka", code, LONG, Map.of()),
                    new EnvironmentLimits(10, LONG, LONG));

            Answer answer = function.invoke(new Invocation(
                    new Invocation.Origin("orders", KafkaRecords.PARTITION, 0, 1),
                    new Invocation.Attempt("8b2c3a4e-0000-4000-8000-000000000001", 1),
                    records,
                    null,
                    FORMAT.event(KafkaRecords.PARTITION, records, null)));

            assertThat(answer.result()).isEqualTo(new Result.FailedRecords(List.of(SequenceNumber.of(15))));
        }
    }
}
