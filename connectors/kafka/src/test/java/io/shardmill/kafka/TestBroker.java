package io.shardmill.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.awaitility.Awaitility;

/** Kafka's own broker in this JVM, on a loopback port that it keeps over a stop and a start: alone, or in a cluster with other brokers. */
public final class TestBroker implements AutoCloseable {

    private static final Map<String, Object> SETTINGS = Map.ofEntries(
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("auto.create.topics.enable", "false"),
            // Whoever comes may do what nobody has been denied.
            Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
            Map.entry("allow.everyone.if.no.acl.found", "true"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
            Map.entry("group.consumer.heartbeat.interval.ms", "300"),
            // A broker that restarts can register when its last session has expired.
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("broker.heartbeat.interval.ms", "200"));

    private static final String BEHIND = "BEHIND";

    private final KafkaClusterTestKit kit;
    private final String bootstrapServers;
    private final Admin admin;

    private TestBroker(int brokers, Map<String, String> ofTheFirst) {
        try {
            var builder = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder()
                    .setCombined(true)
                    .setNumBrokerNodes(brokers)
                    .setNumControllerNodes(1)
                    .setPerServerProperties(Map.of(0, ofTheFirst))
                    // The kit's own is deleted at the JVM's end while the broker still writes to it.
                    .setBaseDirectory(Files.createTempDirectory("kafka-"))
                    .build());
            SETTINGS.forEach(builder::setConfigProp);
            this.kit = builder.build();
            kit.format();
            kit.startup();
            kit.waitForReadyBrokers();
        } catch (Exception e) {
            throw new IllegalStateException("no broker", e);
        }
        this.bootstrapServers = kit.bootstrapServers();
        this.admin = kit.admin();
    }

    /** Started at the first call, and stopped with the JVM; a test that stops it starts it again. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    /** A cluster of brokers; the first is the controller, too, and has the groups and transactions. */
    static TestBroker cluster(int brokers) {
        TestBroker cluster = new TestBroker(brokers, Map.of());
        cluster.createTopic("__consumer_offsets", Map.of(0, List.of(0)), Map.of("cleanup.policy", "compact"));
        return cluster;
    }

    /**
     * A broker with a second listener, {@link #portBehind}, behind a proxy: it advertises the proxy's port to clients that connect
     * through it.
     */
    static TestBroker behind(int port) {
        return new TestBroker(
                1,
                Map.of(
                        "listener.security.protocol.map",
                        "EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT," + BEHIND + ":PLAINTEXT",
                        "listeners",
                        "EXTERNAL://localhost:0,CONTROLLER://localhost:0," + BEHIND + "://localhost:0",
                        "advertised.listeners",
                        "EXTERNAL://localhost:0," + BEHIND + "://localhost:" + port));
    }

    /**
     * A broker with further listeners.
     *
     * @param protocols security protocols by the names of the listeners
     * @param settings of the broker, such as {@code listener.name.<name>.ssl.keystore.location}
     */
    public static TestBroker secured(Map<String, String> protocols, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        StringBuilder map = new StringBuilder("EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
        StringBuilder names = new StringBuilder();
        protocols.forEach((name, protocol) -> {
            map.append(",").append(name).append(":").append(protocol);
            names.append(",").append(name).append("://localhost:0");
        });
        all.put("listener.security.protocol.map", map.toString());
        all.put("listeners", "EXTERNAL://localhost:0,CONTROLLER://localhost:0" + names);
        all.put("advertised.listeners", "EXTERNAL://localhost:0" + names);
        return new TestBroker(1, all);
    }

    /** Returns where one of the further listeners is. */
    public String bootstrapServers(String listener) {
        return "localhost:" + broker(0).boundPort(new ListenerName(listener));
    }

    int portBehind() {
        return broker(0).boundPort(new ListenerName(BEHIND));
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Returns the folder of a partition's log. */
    Path logOf(String topic, int partition) {
        return Path.of(broker(0).config().logDirs().get(0), topic + "-" + partition);
    }

    /** Closed with the broker. */
    public Admin admin() {
        return admin;
    }

    /** Returns when each partition has a leader: a producer that is earlier can lose its place in the sequence. */
    public void createTopic(String name, int partitions) {
        create(new NewTopic(name, Optional.of(partitions), Optional.empty()), partitions);
    }

    /** @param replicas the brokers that have a partition */
    void createTopic(String name, Map<Integer, List<Integer>> replicas, Map<String, String> settings) {
        create(new NewTopic(name, replicas).configs(settings), replicas.size());
    }

    private void create(NewTopic topic, int partitions) {
        await(() -> admin.createTopics(List.of(topic)).all().get());
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> hasLeaders(topic.name(), partitions));
    }

    /** A broker may not know a topic yet that the controller has created. */
    private boolean hasLeaders(String topic, int partitions) throws Exception {
        try {
            admin.listOffsets(IntStream.range(0, partitions)
                            .mapToObj(number -> new TopicPartition(topic, number))
                            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    public void deleteTopic(String name) {
        await(() -> admin.deleteTopics(List.of(name)).all().get());
    }

    /** Closes every connection, and accepts none. */
    public void stop() {
        stop(0);
    }

    void stop(int number) {
        broker(number).shutdown();
        broker(number).awaitShutdown();
    }

    /** Starts it with the same port, topics and groups. */
    public void start() {
        start(0);
        await(() -> {
            kit.waitForReadyBrokers();
            return null;
        });
    }

    /** Needs this broker only: other brokers may be stopped. */
    void start(int number) {
        broker(number).startup();
        Awaitility.await()
                .until(() -> admin.describeCluster().nodes().get().stream().anyMatch(node -> node.id() == number));
    }

    /** Elects a leader that is out of sync (an unclean election). */
    void electUncleanly(TopicPartition partition) {
        Awaitility.await().ignoreExceptions().until(() -> {
            admin.electLeaders(ElectionType.UNCLEAN, Set.of(partition)).all().get();
            return true;
        });
    }

    /** Waits until so many replicas are in sync. */
    void awaitInSync(TopicPartition partition, int replicas) {
        Awaitility.await()
                .until(() -> admin.describeTopics(Set.of(partition.topic()))
                                .allTopicNames()
                                .get()
                                .get(partition.topic())
                                .partitions()
                                .get(partition.partition())
                                .isr()
                                .size()
                        == replicas);
    }

    private BrokerServer broker(int number) {
        return Objects.requireNonNull(kit.brokers().get(number));
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        await(() -> {
            kit.close();
            return null;
        });
    }

    private static void await(Step step) {
        try {
            step.run();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Step {

        Object run() throws Exception;
    }

    private static final class Shared {

        static final TestBroker BROKER = new TestBroker(1, Map.of());

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
        }
    }
}
