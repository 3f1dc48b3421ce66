package io.shardmill.destinations.aws;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.event.InvocationRecord;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.NotInvokedException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;

/** Puts the document with its payload as an object of its own (spec 7.3). Thread-safe. */
record S3Destination(DestinationArn bucket, Region region, AwsClients clients) implements OnFailureDestination {

    private static final DateTimeFormatter FOLDERS =
            DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH.mm.ss").withZone(ZoneOffset.UTC);

    @Override
    public void send(DiscardedBatch batch) throws NotInvokedException {
        long begun = System.nanoTime();
        RequestBody document = RequestBody.fromBytes(InvocationRecord.jsonWithPayload(batch));
        clients.s3(region)
                .putObject(
                        request -> request.bucket(bucket.name())
                                .key(key(batch, UUID.randomUUID()))
                                .contentType("application/octet-stream")
                                .overrideConfiguration(AwsClients.ofSendBegunAt(begun)),
                        document);
    }

    /**
     * The time is the document's timestamp without its milliseconds. Lambda's key for Kafka is not known: a partition's id, such as
     * {@code orders-0}, stands where a shard's does.
     */
    private static String key(DiscardedBatch batch, UUID id) {
        return String.join(
                "/",
                "aws/lambda",
                EventSourceMapping.uuidOf(batch.origin().mapping()).toString(),
                batch.shard().id(),
                FOLDERS.format(batch.timestamp()),
                SECOND.format(batch.timestamp()) + "-" + id);
    }
}
