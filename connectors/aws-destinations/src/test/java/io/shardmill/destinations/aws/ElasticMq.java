package io.shardmill.destinations.aws;

import java.net.URI;
import java.util.List;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** ElasticMQ in this JVM, on a loopback port of its own, and SQS's client to look into it. */
final class ElasticMq implements AutoCloseable {

    private final SQSRestServer server = SQSRestServerBuilder.withDynamicPort()
            .withInterface("127.0.0.1")
            .withAWSRegion(Batches.REGION)
            .withAWSAccountId(Batches.ACCOUNT)
            .start();
    private final URI uri = URI.create(
            "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    private final SqsClient client =
            new AwsClients(Batches.settings().with(DestinationService.SQS, uri)).sqs(Batches.SDK_REGION);

    URI uri() {
        return uri;
    }

    void create(String queue) {
        client.createQueue(request -> request.queueName(queue));
    }

    void delete(String queue) {
        client.deleteQueue(request -> request.queueUrl(url(queue)));
    }

    /** Takes the bodies of the messages, at most ten, out of the queue. */
    List<String> take(String queue) {
        List<Message> messages = client.receiveMessage(
                        request -> request.queueUrl(url(queue)).maxNumberOfMessages(10))
                .messages();
        messages.forEach(message ->
                client.deleteMessage(request -> request.queueUrl(url(queue)).receiptHandle(message.receiptHandle())));
        return messages.stream().map(Message::body).toList();
    }

    private String url(String queue) {
        return client.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }

    @Override
    public void close() {
        client.close();
        server.stopAndWait();
    }
}
