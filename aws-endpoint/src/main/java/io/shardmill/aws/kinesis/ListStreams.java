package io.shardmill.aws.kinesis;

import io.shardmill.embedded.StreamInfo;
import java.time.Clock;
import java.util.List;

/** ListStreams, page by page, by name. */
final class ListStreams implements Action.OfMembers {

    private static final String KIND = "streams";
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    private final StreamNames names;
    private final Clock clock;

    ListStreams(StreamNames names, Clock clock) {
        this.names = names;
        this.clock = clock;
    }

    @Override
    public void answer(Members request, Reply reply) {
        Integer limit = request.number("Limit");
        String start = request.text("ExclusiveStartStreamName");
        String token = request.text("NextToken");
        new Constraints()
                .range("limit", limit, 1, MAX_LIMIT)
                .length("exclusiveStartStreamName", start, 1, 128)
                .matches("exclusiveStartStreamName", start, Constraints.STREAM_NAME)
                .length("nextToken", token, 1, 1 << 20)
                .check();
        String after =
                token == null ? start : PageToken.read(KIND, clock, token, 1).get(0);
        List<StreamInfo> streams = names.all().stream()
                .filter(each -> after == null || each.name().compareTo(after) > 0)
                .toList();
        int count = Math.min(streams.size(), limit == null ? DEFAULT_LIMIT : limit);
        List<StreamInfo> page = streams.subList(0, count);
        reply.texts("StreamNames", page.stream().map(StreamInfo::name).toList())
                .flag("HasMoreStreams", count < streams.size())
                .each("StreamSummaries", page, StreamDescriptions::identify);
        if (count < streams.size()) {
            reply.text(
                    "NextToken",
                    PageToken.issue(KIND, clock, page.get(count - 1).name()));
        }
    }
}
