package io.shardmill.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;

/** Kafka's broker, in a process of its own, alone and on a loopback port. */
final class KafkaBroker implements AutoCloseable {

    static final String PART = "--broker";

    private final ChildJvm child;
    private final String bootstrapServers;

    KafkaBroker(ChildJvm child) throws IOException {
        this.child = child;
        this.bootstrapServers = child.line();
    }

    /**
     * Serves in this process until its input ends.
     *
     * @param options a folder for what is written to topics
     */
    static void run(List<String> options) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Path data = Files.createTempDirectory(Path.of(options.get(0)), "broker");
        KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder()
                .setCombined(true)
                .setNumBrokerNodes(1)
                .setNumControllerNodes(1)
                .setBaseDirectory(data)
                .build());
        builder.setConfigProp("offsets.topic.replication.factor", "1");
        builder.setConfigProp("group.initial.rebalance.delay.ms", "0");
        try (KafkaClusterTestKit kit = builder.build()) {
            kit.format();
            kit.startup();
            kit.waitForReadyBrokers();
            answers.println(kit.bootstrapServers());
            while (System.in.read() >= 0) {}
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        child.close();
    }
}
