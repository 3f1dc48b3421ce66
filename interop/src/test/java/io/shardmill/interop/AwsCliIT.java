package io.shardmill.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.server.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Somebody with nothing but the AWS CLI and the packaged server. These are the chapters of one story, each told to a server
 * that has just started on what the former one left when it was killed.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AwsCliIT {

    private static final String FIRST = "shardId-000000000000";
    private static final String LOWER = "shardId-000000000001";
    private static final String UPPER = "shardId-000000000002";
    private static final String MERGED = "shardId-000000000003";
    private static final String MIDDLE = "170141183460469231731687303715884105728";

    @TempDir
    private static Path folder;

    private static AwsCli cli;
    private static Queues queues;

    private ServerProcess server;

    @BeforeAll
    static void prepare() throws IOException {
        cli = new AwsCli(folder);
        queues = new Queues();
        try (OutputStream file = Files.newOutputStream(folder.resolve("words.jar"));
                JarOutputStream jar = new JarOutputStream(file);
                InputStream code = Objects.requireNonNull(Words.class.getResourceAsStream("Words.class"))) {
            jar.putNextEntry(new JarEntry("io/shardmill/interop/Words.class"));
            code.transferTo(jar);
        }
    }

    @BeforeEach
    void start() {
        server = new ServerProcess(folder, "--shardmill.aws.sqs.endpoint=" + queues.uri());
    }

    @AfterEach
    void kill() {
        server.close();
    }

    @AfterAll
    static void stop() {
        queues.close();
    }

    @Test
    @Order(1)
    void a_stream_is_created() {
        aws("kinesis create-stream --stream-name orders --shard-count 1");
        aws("kinesis wait stream-exists --stream-name orders");
        assertThat(texts(aws("kinesis list-streams").path("StreamNames"))).containsExactly("orders");
    }

    @Test
    @Order(2)
    void a_record_is_put_and_read() {
        JsonNode put = aws("kinesis put-record --stream-name orders --partition-key alice --data tea");
        assertThat(put.path("ShardId").asString()).isEqualTo(FIRST);

        JsonNode record = read(FIRST).path("Records").path(0);
        assertThat(record.path("SequenceNumber")).isEqualTo(put.path("SequenceNumber"));
        assertThat(record.path("PartitionKey").asString()).isEqualTo("alice");
        assertThat(text(record.path("Data"))).isEqualTo("tea");
    }

    @Test
    @Order(3)
    void a_shard_is_split() {
        aws("kinesis split-shard --stream-name orders --shard-to-split %s --new-starting-hash-key %s", FIRST, MIDDLE);
        aws("kinesis wait stream-exists --stream-name orders");

        JsonNode shards = aws("kinesis list-shards --stream-name orders").path("Shards");
        assertThat(texts(shards, "ShardId")).containsExactly(FIRST, LOWER, UPPER);
        assertThat(texts(shards, "ParentShardId")).containsExactly("", FIRST, FIRST);
        assertThat(shards.path(0).path("SequenceNumberRange").has("EndingSequenceNumber"))
                .isTrue();
        assertThat(shards.path(2).path("HashKeyRange").path("StartingHashKey").asString())
                .isEqualTo(MIDDLE);
    }

    @Test
    @Order(4)
    void records_are_put_into_both_halves() {
        JsonNode put = aws("kinesis put-records --stream-name orders --records"
                + " Data=milk,PartitionKey=alice,ExplicitHashKey=0 Data=water,PartitionKey=bob,ExplicitHashKey="
                + MIDDLE);
        assertThat(put.path("FailedRecordCount").asInt()).isZero();
        assertThat(texts(put.path("Records"), "ShardId")).containsExactly(LOWER, UPPER);
        assertThat(words(LOWER)).containsExactly("milk");
        assertThat(words(UPPER)).containsExactly("water");
    }

    @Test
    @Order(5)
    void the_halves_are_merged_and_all_that_was_put_is_still_there() {
        aws("kinesis merge-shards --stream-name orders --shard-to-merge %s --adjacent-shard-to-merge %s", LOWER, UPPER);
        aws("kinesis wait stream-exists --stream-name orders");

        JsonNode merged = aws("kinesis list-shards --stream-name orders --shard-filter Type=AT_LATEST")
                .path("Shards");
        assertThat(texts(merged, "ShardId")).containsExactly(MERGED);
        assertThat(texts(merged, "ParentShardId")).containsExactly(LOWER);
        assertThat(texts(merged, "AdjacentParentShardId")).containsExactly(UPPER);
        assertThat(words(FIRST)).containsExactly("tea");
        assertThat(words(LOWER)).containsExactly("milk");
        JsonNode last = records(read(UPPER).path("NextShardIterator"));
        assertThat(last.has("NextShardIterator")).as("more in a closed shard").isFalse();
        assertThat(texts(last.path("ChildShards"), "ShardId")).containsExactly(MERGED);
    }

    @Test
    @Order(6)
    void the_stream_is_tagged_and_kept_for_longer() {
        aws("kinesis add-tags-to-stream --stream-name orders --tags team=drinks,stage=test");
        aws("kinesis increase-stream-retention-period --stream-name orders --retention-period-hours 48");
    }

    @Test
    @Order(7)
    void a_consumer_is_registered() {
        assertThat(texts(
                        aws("kinesis list-tags-for-stream --stream-name orders").path("Tags"), "Key"))
                .containsExactlyInAnyOrder("team", "stage");
        assertThat(summary().path("RetentionPeriodHours").asInt()).isEqualTo(48);

        aws("kinesis register-stream-consumer --stream-arn %s --consumer-name dashboard", streamArn());
    }

    @Test
    @Order(8)
    void a_jar_becomes_a_function() {
        JsonNode consumer = aws(
                        "kinesis describe-stream-consumer --stream-arn %s --consumer-name dashboard", streamArn())
                .path("ConsumerDescription");
        assertThat(consumer.path("ConsumerStatus").asString()).isEqualTo("ACTIVE");
        assertThat(summary().path("ConsumerCount").asInt()).isEqualTo(1);

        aws(
                "lambda create-function --function-name words --runtime java17 --handler %s::say"
                        + " --role arn:aws:iam::000000000000:role/any --timeout 30 --zip-file fileb://words.jar",
                Words.class.getName());
        aws("lambda wait function-active --function-name words");
    }

    @Test
    @Order(9)
    void the_function_is_invoked() throws IOException {
        String record = "{\"kinesis\":{\"data\":\"%s\"}}"
                .formatted(Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8)));
        JsonNode answer = aws(
                "lambda invoke --function-name words --log-type Tail --payload {\"Records\":[%s]} answer.json", record);
        assertThat(answer.path("StatusCode").asInt()).isEqualTo(200);
        assertThat(text(answer.path("LogResult"))).contains("The word is hello");
        assertThat(folder.resolve("answer.json")).hasContent("1");
    }

    @Test
    @Order(10)
    void the_function_is_mapped_to_the_stream_and_sees_what_is_in_it() {
        String queue =
                sqs("create-queue --queue-name discarded").path("QueueUrl").asString();
        String arn = sqs("get-queue-attributes --queue-url %s --attribute-names QueueArn", queue)
                .path("Attributes")
                .path("QueueArn")
                .asString();
        aws(
                "lambda create-event-source-mapping --function-name words --event-source-arn %s"
                        + " --starting-position TRIM_HORIZON --batch-size 10 --maximum-retry-attempts 1"
                        + " --bisect-batch-on-function-error --destination-config {\"OnFailure\":{\"Destination\":\"%s\"}}",
                streamArn(), arn);
        awaitMapping("Enabled");
        for (String word : List.of("tea", "milk", "water")) {
            server.awaitOnConsole("The word is " + word);
        }
    }

    @Test
    @Order(11)
    void poison_ends_in_the_queue_and_holds_up_nothing() {
        awaitMapping("Enabled");
        JsonNode poison = aws("kinesis put-record --stream-name orders --partition-key eve --data " + Words.POISON);
        aws("kinesis put-record --stream-name orders --partition-key eve --data juice");
        server.awaitOnConsole("The word is juice");

        JsonNode document = received();
        assertThat(document.path("requestContext").path("condition").asString()).isEqualTo("RetryAttemptsExhausted");
        JsonNode batch = document.path("KinesisBatchInfo");
        assertThat(batch.path("streamArn").asString()).isEqualTo(streamArn());
        assertThat(batch.path("shardId").asString()).isEqualTo(MERGED);
        assertThat(batch.path("startSequenceNumber")).isEqualTo(poison.path("SequenceNumber"));
        assertThat(batch.path("endSequenceNumber")).isEqualTo(poison.path("SequenceNumber"));
        assertThat(batch.path("batchSize").asInt()).isEqualTo(1);
    }

    @Test
    @Order(12)
    void the_mapping_is_disabled() {
        aws(
                "lambda update-event-source-mapping --uuid %s --no-enabled",
                mapping().path("UUID").asString());
        awaitMapping("Disabled");
        aws("kinesis put-record --stream-name orders --partition-key alice --data coffee");
    }

    @Test
    @Order(13)
    void the_mapping_is_enabled_and_catches_up() {
        assertThat(mapping().path("State").asString()).isEqualTo("Disabled");
        assertThat(server.console()).doesNotContain("The word is");
        aws(
                "lambda update-event-source-mapping --uuid %s --enabled",
                mapping().path("UUID").asString());
        awaitMapping("Enabled");
        server.awaitOnConsole("The word is coffee");
    }

    @Test
    @Order(14)
    void the_mapping_and_the_function_are_deleted() {
        aws(
                "lambda delete-event-source-mapping --uuid %s",
                mapping().path("UUID").asString());
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(mappings()).isEmpty());
        aws("lambda delete-function --function-name words");
    }

    @Test
    @Order(15)
    void the_stream_is_deleted() {
        assertThat(mappings()).isEmpty();
        assertThat(cli.refusal(server.uri(), "lambda get-function --function-name words"))
                .contains("ResourceNotFoundException");

        aws("kinesis deregister-stream-consumer --stream-arn %s --consumer-name dashboard", streamArn());
        aws("kinesis delete-stream --stream-name orders");
        aws("kinesis wait stream-not-exists --stream-name orders");
    }

    @Test
    @Order(16)
    void nothing_is_left() {
        assertThat(aws("kinesis list-streams").path("StreamNames")).isEmpty();
        assertThat(aws("lambda list-functions").path("Functions")).isEmpty();
        assertThat(cli.refusal(server.uri(), "kinesis describe-stream --stream-name orders"))
                .contains("ResourceNotFoundException", "Stream orders under account 000000000000 not found.");
    }

    @SuppressWarnings("AnnotateFormatMethod") // that annotation is in a library that nothing else here needs
    private JsonNode aws(String command, Object... values) {
        return cli.run(server.uri(), command.formatted(values));
    }

    @SuppressWarnings("AnnotateFormatMethod") // that annotation is in a library that nothing else here needs
    private static JsonNode sqs(String command, Object... values) {
        return cli.run(queues.uri(), "sqs " + command.formatted(values));
    }

    private JsonNode summary() {
        return aws("kinesis describe-stream-summary --stream-name orders").path("StreamDescriptionSummary");
    }

    private String streamArn() {
        return summary().path("StreamARN").asString();
    }

    /** The first answer from the beginning of a shard. */
    private JsonNode read(String shard) {
        JsonNode iterator = aws(
                "kinesis get-shard-iterator --stream-name orders --shard-id %s --shard-iterator-type TRIM_HORIZON",
                shard);
        return records(iterator.path("ShardIterator"));
    }

    private JsonNode records(JsonNode iterator) {
        return aws("kinesis get-records --shard-iterator %s", iterator.asString());
    }

    private List<String> words(String shard) {
        List<String> words = new ArrayList<>();
        read(shard).path("Records").forEach(record -> words.add(text(record.path("Data"))));
        return words;
    }

    private JsonNode mappings() {
        return aws("lambda list-event-source-mappings --function-name words").path("EventSourceMappings");
    }

    private JsonNode mapping() {
        assertThat(mappings()).hasSize(1);
        return mappings().path(0);
    }

    private void awaitMapping(String state) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(mapping().path("State").asString()).isEqualTo(state));
    }

    /** The next message about what was discarded. */
    private static JsonNode received() {
        String queue =
                sqs("get-queue-url --queue-name discarded").path("QueueUrl").asString();
        JsonNode messages = sqs("receive-message --wait-time-seconds 20 --queue-url %s", queue)
                .path("Messages");
        assertThat(messages).hasSize(1);
        return JsonMapper.shared().readTree(messages.path(0).path("Body").asString());
    }

    private static String text(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asString()), StandardCharsets.UTF_8);
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    private static List<String> texts(JsonNode array, String member) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(each -> each.path(member).asString(""))
                .toList();
    }
}
