package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Page;
import io.shardmill.aws.protocol.Shape;
import java.time.Clock;
import java.util.function.Function;

/** ListStreams, page by page, by name. */
final class ListStreams {

    private static final Member<String> AFTER = KinesisMembers.name("ExclusiveStartStreamName");
    private static final Shape INPUT = Shape.of(KinesisMembers.LIMIT, AFTER, KinesisMembers.NEXT_TOKEN);
    private static final String KIND = "streams";
    private static final int DEFAULT_LIMIT = 100;

    private final StreamNames names;
    private final Clock clock;

    ListStreams(StreamNames names, Clock clock) {
        this.names = names;
        this.clock = clock;
    }

    Operation<Action> operation() {
        return Action.operation("ListStreams", INPUT, this::list);
    }

    private void list(Members request, ResponseWriter response) {
        String token = request.get(KinesisMembers.NEXT_TOKEN);
        String after = token == null
                ? request.get(AFTER)
                : PageToken.read(KIND, clock, token, 1).get(0);
        Page<String> page =
                Page.of(names.all(), Function.identity(), after, request.get(KinesisMembers.LIMIT, DEFAULT_LIMIT));
        response.texts("StreamNames", page.items())
                .flag("HasMoreStreams", !page.isLast())
                .each("StreamSummaries", names.infos(page.items()), StreamDescriptions::identify)
                .text("NextToken", PageToken.issue(KIND, clock, page));
    }
}
