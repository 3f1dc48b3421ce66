package io.shardmill.lambda.process;

import static io.shardmill.poller.testkit.KafkaRecords.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.lambda.LambdaRuntime.Family;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.RealEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A mapping of a topic to functions in Python and JavaScript, which keep the events they get and report the record {@code broken}. */
@Timeout(120)
class KafkaScriptsTest {

    private static final String PYTHON = """
            import base64, json, os
            def handler(event, context):
                with open(os.environ["EVENTS"], "a") as events:
                    events.write(json.dumps(event) + "\\n")
                return {"batchItemFailures": [
                    {"itemIdentifier": {"partition": partition, "offset": record["offset"]}}
                    for partition, records in event["records"].items()
                    for record in records
                    if "value" in record and base64.b64decode(record["value"]) == b"broken"
                ]}
            """;

    private static final String JAVASCRIPT = """
            import { appendFileSync } from 'node:fs';
            export const handler = async (event) => {
              appendFileSync(process.env.EVENTS, JSON.stringify(event) + '\\n');
              const batchItemFailures = [];
              for (const [partition, records] of Object.entries(event.records)) {
                for (const { offset, value } of records) {
                  if (value !== undefined && Buffer.from(value, 'base64').toString() === 'broken') {
                    batchItemFailures.push({ itemIdentifier: { partition, offset } });
                  }
                }
              }
              return { batchItemFailures };
            };
            """;

    @TempDir
    private Path folder;

    @Test
    void python_gets_a_kafka_event_and_its_report_is_honoured() throws IOException {
        isolates(Family.PYTHON, "app.py", PYTHON);
    }

    @Test
    void javascript_gets_a_kafka_event_and_its_report_is_honoured() throws IOException {
        isolates(Family.NODEJS, "app.mjs", JAVASCRIPT);
    }

    private void isolates(Family family, String file, String source) throws IOException {
        Path events = folder.resolve("events.jsonl");
        try (ScriptFunctions functions = new ScriptFunctions(folder, InstalledRuntimes.of(family));
                RealEngine engine = new RealEngine(1)) {
            engine.function(
                    "orders",
                    functions.start(
                            functions.code(file, source), "app.handler", Map.of("EVENTS", events.toString())));
            FakeStream topic = engine.topic("orders", 1);
            topic.put(null, bytes("tee"));
            topic.put(bytes("k"), null, header("type", "ë"), header("none", null));
            topic.put(bytes("k"), bytes("broken"));
            topic.put(bytes("k"), bytes("last"));
            engine.start(EventSourceMapping.of("orders", "orders")
                    .with(FailureHandling.defaults()
                            .withMaximumRetryAttempts(0)
                            .withBisect()
                            .withDestination("fake")
                            .withReportBatchItemFailures()));
            assertThat(engine.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();

            assertThat(engine.discarded()).singleElement().satisfies(batch -> assertThat(batch.records())
                    .extracting(Record::text)
                    .containsExactly("broken"));
            List<JsonNode> got = read(events);
            assertThat(got).extracting(KafkaScriptsTest::offsets).containsExactly(
                    List.of(0, 1, 2, 3), List.of(2, 3), List.of(2), List.of(3));
            assertThat(got.get(0)).isEqualTo(JsonMapper.shared().readTree("""
                    {"eventSource":"SelfManagedKafka","bootstrapServers":"b-1:9092,b-2:9092","records":{"orders-0":[
                      {"topic":"orders","partition":0,"offset":0,"timestamp":%d,"timestampType":"CREATE_TIME",
                       "value":"dGVl","headers":[]},
                      {"topic":"orders","partition":0,"offset":1,"timestamp":%d,"timestampType":"CREATE_TIME",
                       "key":"aw==","headers":[{"type":[-61,-85]},{}]},
                      {"topic":"orders","partition":0,"offset":2,"timestamp":%d,"timestampType":"CREATE_TIME",
                       "key":"aw==","value":"YnJva2Vu","headers":[]},
                      {"topic":"orders","partition":0,"offset":3,"timestamp":%d,"timestampType":"CREATE_TIME",
                       "key":"aw==","value":"bGFzdA==","headers":[]}]}}
                    """.formatted(topic.records(topic.shardIds().get(0)).stream()
                            .map(Record::approximateArrivalMillis)
                            .toArray())));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<JsonNode> read(Path events) throws IOException {
        return Files.readAllLines(events).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private static List<Integer> offsets(JsonNode event) {
        return StreamSupport.stream(
                        event.at("/records/orders-0").spliterator(), false)
                .map(record -> record.get("offset").intValue())
                .toList();
    }
}
