package io.shardmill.interop;

import java.net.URI;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/** ElasticMQ in this JVM, on a loopback port of its own: it outlives the servers of a test. */
final class Queues implements AutoCloseable {

    private final SQSRestServer server = SQSRestServerBuilder.withDynamicPort()
            .withInterface("127.0.0.1")
            .withAWSRegion(Clients.REGION.id())
            .withAWSAccountId("000000000000")
            .start();

    URI uri() {
        return URI.create(
                "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    }

    @Override
    public void close() {
        server.stopAndWait();
    }
}
