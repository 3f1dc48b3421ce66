package io.shardmill.interop.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.interop.replicas.Audit.Findings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.springframework.jdbc.BadSqlGrammarException;

/** Three replicas, the stream that they share while records are put into it, and their database. */
final class Fleet implements AutoCloseable {

    static final int REPLICAS = 3;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final List<String> arguments;
    private final Database database;
    private final Feed feed;
    private final Producer producer;
    private final Map<String, Audit> audits = new LinkedHashMap<>();
    private final Handlers handlers;
    private final List<ReplicaProcess> replicas = new ArrayList<>();
    private int started;

    /** On Kinesis, with one mapping. */
    Fleet(Path folder, String... arguments) {
        this(folder, new KinesisFeed(folder.resolve("kinesis")), List.of("deliver"), arguments);
    }

    /**
     * Starts a fleet.
     *
     * @param feed closed with the fleet
     * @param mappings that read it, the first of which stands for all where nothing else is said
     * @param arguments of the replicas, beside what all fleets have
     */
    Fleet(Path folder, Feed feed, List<String> mappings, String... arguments) {
        this.folder = folder;
        database = new Database(folder.resolve("database"));
        mappings.forEach(mapping -> audits.put(mapping, new Audit(database, mapping)));
        handlers = new Handlers(folder.resolve("handlers"));
        this.feed = feed;
        this.arguments = new ArrayList<>(Arrays.asList(
                "--handlers=" + folder.resolve("handlers").toAbsolutePath(),
                "--spring.application.name=replicas",
                "--spring.datasource.username=postgres",
                "--spring.datasource.hikari.maximum-pool-size=30",
                "--shardmill.jdbc.initialize-schema=always",
                "--shardmill.maximum-concurrency=20"));
        this.arguments.addAll(feed.arguments());
        mappings.forEach(mapping -> this.arguments.addAll(List.of(
                "--shardmill.mappings." + mapping + ".stream=orders",
                "--shardmill.mappings." + mapping + ".function=deliver",
                "--shardmill.mappings." + mapping + ".parallelization-factor=10")));
        this.arguments.addAll(Arrays.asList(arguments));
        producer = new Producer(feed);
        for (int i = 0; i < REPLICAS; i++) {
            start();
        }
    }

    Audit audit() {
        return audits.values().iterator().next();
    }

    Audit audit(String mapping) {
        return Objects.requireNonNull(audits.get(mapping));
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
        List<Long> balanced = IntStream.range(0, REPLICAS)
                .mapToObj(i -> (long) (feed.shards() + i) / REPLICAS)
                .toList();
        audits.values()
                .forEach(audit -> awaitThat("balance", () -> {
                    assertThat(audit.shares()).isEqualTo(balanced);
                    Map<String, Long> deliverers = audit.deliverers();
                    assertThat(deliverers.keySet())
                            .containsExactlyInAnyOrderElementsOf(
                                    replicas.stream().map(ReplicaProcess::name).toList());
                    assertThat(deliverers.values()).containsExactlyInAnyOrderElementsOf(balanced);
                }));
    }

    /** Waits until nothing that was put until now is missing: what is lost is so for ever. Returns what was counted. */
    String awaitDelivered() {
        long put = producer.acknowledged();
        audits.values()
                .forEach(audit -> awaitThat(
                        "nothing lost", () -> assertThat(audit.missing(put)).isZero()));
        return "%d of %d records lost in %d deliveries"
                .formatted(audit().missing(put), put * Producer.KEYS, audit().deliveries());
    }

    /** Waits until all is in order again, and returns what was wrong since the beginning. */
    Findings awaitCalm() {
        awaitBalanced();
        awaitDelivered();
        return audit().findings();
    }

    /** Waits until no heartbeat has arrived for longer than a member may be silent. */
    void awaitSilence() {
        awaitThat("silence", () -> assertThat(audit().hasSilentMembersOnly()).isTrue());
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
        feed.close();
        database.close();
    }
}
