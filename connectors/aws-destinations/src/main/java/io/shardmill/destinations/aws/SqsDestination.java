package io.shardmill.destinations.aws;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.InvocationRecord;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Sends the document without its payload as a message's body (spec 7.2). Thread-safe. */
final class SqsDestination implements OnFailureDestination {

    private final DestinationArn queue;
    private final AwsClients clients;
    private volatile @Nullable String url;

    SqsDestination(DestinationArn queue, AwsClients clients) {
        this.queue = queue;
        this.clients = clients;
    }

    @Override
    public void send(DiscardedBatch batch) {
        long begun = System.nanoTime();
        SqsClient client = clients.sqs(Region.of(queue.region()));
        String to = url(client, begun);
        try {
            client.sendMessage(message -> message.queueUrl(to)
                    .messageBody(InvocationRecord.json(batch))
                    .overrideConfiguration(AwsClients.ofSendBegunAt(begun)));
        } catch (QueueDoesNotExistException gone) {
            url = null; // it may be created again, elsewhere
            throw gone;
        }
    }

    private String url(SqsClient client, long begun) {
        String known = url;
        if (known == null) {
            known = client.getQueueUrl(request -> request.queueName(queue.name())
                            .queueOwnerAWSAccountId(queue.account())
                            .overrideConfiguration(AwsClients.ofSendBegunAt(begun)))
                    .queueUrl();
            url = known;
        }
        return known;
    }
}
