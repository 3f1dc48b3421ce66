package io.shardmill.destinations.aws;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.InvocationRecord;
import software.amazon.awssdk.regions.Region;

/** Publishes the document without its payload (spec 7.2); subscribers get it as {@code Message}. Thread-safe. */
record SnsDestination(DestinationArn topic, AwsClients clients) implements OnFailureDestination {

    @Override
    public void send(DiscardedBatch batch) {
        long begun = System.nanoTime();
        clients.sns(Region.of(topic.region()))
                .publish(request -> request.topicArn(topic.text())
                        .message(InvocationRecord.json(batch))
                        .overrideConfiguration(AwsClients.ofSendBegunAt(begun)));
    }
}
