package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts one numbered record after the other into the stream {@code orders}, over one connection, until it is closed. */
final class GoodClient implements AutoCloseable {

    private static final String STREAM = "orders";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final CompletableFuture<Void> puts;
    private volatile boolean closed;

    GoodClient(URI server) {
        this.server = server;
        this.puts = CompletableFuture.runAsync(this::putOnAndOn, work -> new Thread(work, "good-client").start());
    }

    /** How many puts were acknowledged; they have the numbers from 0 on. Fails if one was not. */
    int acknowledged() {
        assertThat(puts).isNotCompletedExceptionally();
        return acknowledged.get();
    }

    private void putOnAndOn() {
        while (!closed) {
            String number = Integer.toString(acknowledged.get());
            ask("PutRecord", Map.of("StreamName", STREAM, "PartitionKey", number, "Data", base64(number)));
            acknowledged.incrementAndGet();
        }
    }

    /** The numbers of all records there are. */
    Set<Integer> readAll() {
        Set<Integer> numbers = new HashSet<>();
        for (JsonNode shard : ask("ListShards", Map.of("StreamName", STREAM)).path("Shards")) {
            JsonNode position = ask(
                    "GetShardIterator",
                    Map.of(
                            "StreamName",
                            STREAM,
                            "ShardId",
                            shard.path("ShardId").asString(),
                            "ShardIteratorType",
                            "TRIM_HORIZON"));
            String iterator = position.path("ShardIterator").asString();
            JsonNode read;
            do {
                read = ask("GetRecords", Map.of("ShardIterator", iterator));
                read.path("Records").forEach(record -> numbers.add(number(record)));
                iterator = read.path("NextShardIterator").asString();
            } while (!read.path("Records").isEmpty());
        }
        return numbers;
    }

    private JsonNode ask(String action, Map<String, String> members) {
        HttpRequest request = HttpRequest.newBuilder(server)
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "Kinesis_20131202." + action)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(members)))
                .build();
        HttpResponse<String> response =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static int number(JsonNode record) {
        byte[] data = Base64.getDecoder().decode(record.path("Data").asString());
        return Integer.parseInt(new String(data, StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        closed = true;
        puts.join();
    }
}
