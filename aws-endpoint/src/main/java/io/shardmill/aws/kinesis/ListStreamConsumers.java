package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Page;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** ListStreamConsumers, page by page, by ARN. */
final class ListStreamConsumers {

    private static final Member<Instant> CREATION = Member.time("StreamCreationTimestamp");
    private static final Shape INPUT = Shape.of(
            KinesisMembers.STREAM_ARN.required(), KinesisMembers.MAX_RESULTS, KinesisMembers.NEXT_TOKEN, CREATION);
    private static final String KIND = "consumers";
    private static final int DEFAULT_RESULTS = 100;

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Clock clock;

    ListStreamConsumers(EmbeddedStreams streams, StreamNames names, Clock clock) {
        this.streams = streams;
        this.names = names;
        this.clock = clock;
    }

    Operation<Action> operation() {
        return Action.operation("ListStreamConsumers", INPUT, this::list);
    }

    private void list(Members request, ResponseWriter response) {
        String token = request.get(KinesisMembers.NEXT_TOKEN);
        Instant created = request.get(CREATION);
        StreamInfo stream = names.existing(names.nameIn(request.require(KinesisMembers.STREAM_ARN)));
        if (token != null && created != null) {
            throw KinesisErrors.invalidArgument("NextToken and StreamCreationTimestamp cannot be provided together.");
        }
        names.requireCreation(stream, created);
        List<StreamConsumer> all = streams.consumers().list(stream.name()).stream()
                .sorted(Comparator.comparing(StreamConsumer::arn))
                .toList();
        Page<StreamConsumer> page = Page.of(
                all,
                StreamConsumer::arn,
                token == null ? null : PageToken.read(KIND, clock, token, 1).get(0),
                request.get(KinesisMembers.MAX_RESULTS, DEFAULT_RESULTS));
        response.each("Consumers", page.items(), Consumers::write)
                .text("NextToken", PageToken.issue(KIND, clock, page));
    }
}
