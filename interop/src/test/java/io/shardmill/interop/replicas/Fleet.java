package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.interop.Clients;
import io.shardmill.interop.replicas.Audit.Findings;
import io.shardmill.server.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.BadSqlGrammarException;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Three replicas, the stream that they share while records are put into it, and their database. */
final class Fleet implements AutoCloseable {

    static final int REPLICAS = 3;
    static final int SHARDS = 8;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<Long> BALANCED = List.of(2L, 3L, 3L);

    private final Path folder;
    private final List<String> arguments;
    private final Database database;
    private final ServerProcess server;
    private final KinesisClient kinesis;
    private final Producer producer;
    private final Audit audit;
    private final Handlers handlers;
    private final List<ReplicaProcess> replicas = new ArrayList<>();
    private int started;

    /** @param arguments of the replicas, beside what all fleets have */
    Fleet(Path folder, String... arguments) {
        this.folder = folder;
        database = new Database(folder.resolve("database"));
        audit = new Audit(database::dataSource);
        handlers = new Handlers(folder.resolve("handlers"));
        Path serverFolder = folder.resolve("kinesis");
        assertThat(serverFolder.toFile().mkdirs()).isTrue();
        server = new ServerProcess(serverFolder, "--shardmill.streams.orders.shards=" + SHARDS);
        this.arguments = new ArrayList<>(Arrays.asList(
                "--handlers=" + folder.resolve("handlers").toAbsolutePath(),
                "--spring.application.name=replicas",
                "--spring.main.keep-alive=true",
                "--spring.main.banner-mode=off",
                "--spring.datasource.username=postgres",
                "--spring.datasource.hikari.maximum-pool-size=30",
                "--logging.level.io.shardmill=info",
                "--shardmill.jdbc.initialize-schema=always",
                "--shardmill.aws.region=" + Clients.REGION.id(),
                "--shardmill.aws.kinesis.endpoint=" + server.uri(),
                "--shardmill.maximum-concurrency=20",
                "--shardmill.streams.orders.kinesis=orders",
                "--shardmill.mappings.deliver.stream=orders",
                "--shardmill.mappings.deliver.parallelization-factor=10"));
        this.arguments.addAll(Arrays.asList(arguments));
        kinesis = Clients.kinesis(server.uri());
        producer = new Producer(kinesis, "orders");
        for (int i = 0; i < REPLICAS; i++) {
            start();
        }
    }

    Audit audit() {
        return audit;
    }

    Handlers handlers() {
        return handlers;
    }

    Database database() {
        return database;
    }

    /** In the order in which they were started. */
    List<ReplicaProcess> replicas() {
        return List.copyOf(replicas);
    }

    void start() {
        String name = "replica-" + ++started;
        replicas.add(new ReplicaProcess(name, folder.resolve(name), database.port(), arguments));
    }

    void kill(ReplicaProcess replica) {
        replica.kill();
        replicas.remove(replica);
    }

    void terminate(ReplicaProcess replica) {
        replica.terminate();
        replicas.remove(replica);
    }

    /** Waits until each living replica has its part and delivers it, and nobody else has any. */
    void awaitBalanced() {
        awaitThat("balance", () -> {
            assertThat(audit.shares()).isEqualTo(BALANCED);
            Map<String, Long> deliverers = audit.deliverers();
            assertThat(deliverers.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            replicas.stream().map(ReplicaProcess::name).toList());
            assertThat(deliverers.values()).containsExactlyInAnyOrderElementsOf(BALANCED);
        });
    }

    /** Waits until nothing that was put until now is missing: what is lost is so for ever. Returns what was counted. */
    String awaitDelivered() {
        long put = producer.acknowledged();
        awaitThat("nothing lost", () -> assertThat(audit.missing(put)).isZero());
        return "%d of %d records lost in %d deliveries"
                .formatted(audit.missing(put), put * Producer.KEYS, audit.deliveries());
    }

    /** Waits until all is in order again, and returns what was wrong since the beginning. */
    Findings awaitCalm() {
        awaitBalanced();
        awaitDelivered();
        return audit.findings();
    }

    /** Waits until no heartbeat has arrived for longer than a member may be silent. */
    void awaitSilence() {
        awaitThat("silence", () -> assertThat(audit.hasSilentMembersOnly()).isTrue());
    }

    /** Waits as long as the replicas live, and also for the tables that they make. */
    void awaitThat(String what, Runnable assertions) {
        await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(BadSqlGrammarException.class)
                .untilAsserted(() -> {
                    replicas.forEach(ReplicaProcess::requireAlive);
                    assertions.run();
                });
    }

    @Override
    public void close() {
        replicas.forEach(ReplicaProcess::close);
        producer.close();
        kinesis.close();
        server.close();
        database.close();
    }
}
