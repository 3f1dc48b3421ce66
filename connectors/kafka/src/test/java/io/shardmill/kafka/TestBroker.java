package io.shardmill.kafka;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.awaitility.Awaitility;

/** Kafka's own broker in this JVM, alone, on a loopback port that it keeps over a stop and a start. */
public final class TestBroker implements AutoCloseable {

    private static final Map<String, Object> SETTINGS = Map.ofEntries(
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
            Map.entry("group.consumer.heartbeat.interval.ms", "300"),
            // A broker that starts again is let in when its last session is over.
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("broker.heartbeat.interval.ms", "200"));

    private final KafkaClusterTestKit kit;
    private final String bootstrapServers;
    private final Admin admin;

    TestBroker() {
        try {
            var builder = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder()
                    .setCombined(true)
                    .setNumBrokerNodes(1)
                    .setNumControllerNodes(1)
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

    /** Started by the first who asks, and stopped with the JVM: whoever stops it starts it again. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Closed with the broker. */
    public Admin admin() {
        return admin;
    }

    /** Returns when each partition has a leader: a producer that is earlier can lose its place in the sequence. */
    public void createTopic(String name, int partitions) {
        await(() -> admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
                .all()
                .get());
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> hasLeaders(name, partitions));
    }

    /** A broker may not know of a topic yet that its controller has made. */
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

    /** Every connection is closed, and none is taken. */
    public void stop() {
        broker().shutdown();
        broker().awaitShutdown();
    }

    /** With the port, the topics and the groups that it had. */
    public void start() {
        broker().startup();
        await(() -> {
            kit.waitForReadyBrokers();
            return null;
        });
    }

    private BrokerServer broker() {
        return kit.brokers().values().iterator().next();
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

        static final TestBroker BROKER = new TestBroker();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
        }
    }
}
