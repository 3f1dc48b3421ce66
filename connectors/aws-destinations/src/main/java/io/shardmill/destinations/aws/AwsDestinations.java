package io.shardmill.destinations.aws;

import io.shardmill.poller.destination.DestinationCatalog;
import io.shardmill.poller.destination.OnFailureDestination;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

/**
 * SQS queues, SNS topics and S3 buckets by their ARNs, as a mapping's {@code DestinationConfig.OnFailure} names them in
 * Lambda (Lambda guide, "Retaining discarded batch records"; spec 7). Needs {@code sqs:GetQueueUrl} and {@code
 * sqs:SendMessage}, {@code sns:Publish} or {@code s3:PutObject}. A missing resource or
 * missing credentials fail the first send: the batch is refused, and the shard continues. Thread-safe.
 */
public final class AwsDestinations implements DestinationCatalog, AutoCloseable {

    private final AwsSettings settings;
    private final AwsClients clients;
    private final Map<String, OnFailureDestination> destinations = new ConcurrentHashMap<>();

    public AwsDestinations(AwsSettings settings) {
        this.settings = settings;
        this.clients = new AwsClients(settings);
    }

    /** @throws IllegalArgumentException if it is an ARN of something else, or a bucket's and no region is known */
    @Override
    public Optional<OnFailureDestination> find(String name) {
        return name.startsWith("arn:")
                ? Optional.of(destinations.computeIfAbsent(name, this::destination))
                : Optional.empty();
    }

    private OnFailureDestination destination(String name) {
        DestinationArn arn = DestinationArn.parse(name);
        OnFailureDestination destination = switch (arn.service()) {
            case SQS -> new SqsDestination(arn, clients);
            case SNS -> new SnsDestination(arn, clients);
            case S3 -> new S3Destination(arn, region(), clients);
        };
        return batch -> {
            try {
                destination.send(batch);
            } catch (SdkException refused) {
                throw new AwsRefusalException(name, refused);
            }
        };
    }

    private Region region() {
        try {
            return settings.region().getRegion();
        } catch (SdkException none) {
            throw new IllegalArgumentException(
                    "the ARN of a bucket names no region, and none is configured: set shardmill.aws.region, or"
                            + " AWS_REGION in the environment",
                    none);
        }
    }

    /** Closes the clients; to be called when nothing is sent any more. */
    @Override
    public void close() {
        clients.close();
    }
}
