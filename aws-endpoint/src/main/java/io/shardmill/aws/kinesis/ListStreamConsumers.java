package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** ListStreamConsumers, page by page, by ARN. */
final class ListStreamConsumers implements Action.OfMembers {

    private static final String KIND = "consumers";
    private static final int DEFAULT_RESULTS = 100;
    private static final int MAX_RESULTS = 10_000;

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Clock clock;

    ListStreamConsumers(EmbeddedStreams streams, StreamNames names, Clock clock) {
        this.streams = streams;
        this.names = names;
        this.clock = clock;
    }

    @Override
    public void answer(Members request, Reply reply) {
        Integer results = request.number("MaxResults");
        String token = request.text("NextToken");
        String arn = request.text("StreamARN");
        String name = names.name(
                null,
                arn,
                new Constraints()
                        .required("streamARN", arn)
                        .range("maxResults", results, 1, MAX_RESULTS)
                        .length("nextToken", token, 1, 1 << 20));
        StreamInfo stream = names.existing(name);
        Instant created = request.time("StreamCreationTimestamp");
        if (token != null && created != null) {
            throw KinesisException.invalidArgument(
                    "NextToken and StreamCreationTimestamp cannot be provided together.");
        }
        names.requireCreation(stream, created);
        String after =
                token == null ? "" : PageToken.read(KIND, clock, token, 1).get(0);
        List<StreamConsumer> consumers = streams.consumers().list(name).stream()
                .filter(consumer -> consumer.arn().compareTo(after) > 0)
                .sorted(Comparator.comparing(StreamConsumer::arn))
                .toList();
        int count = Math.min(consumers.size(), results == null ? DEFAULT_RESULTS : results);
        reply.each("Consumers", consumers.subList(0, count), Consumers::write);
        if (count < consumers.size()) {
            reply.text(
                    "NextToken",
                    PageToken.issue(KIND, clock, consumers.get(count - 1).arn()));
        }
    }
}
