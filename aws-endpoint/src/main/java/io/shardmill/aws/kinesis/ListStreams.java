package io.shardmill.aws.kinesis;

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
        List<String> left = names.all().stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .toList();
        int count = Math.min(left.size(), limit == null ? DEFAULT_LIMIT : limit);
        List<String> page = left.subList(0, count);
        reply.texts("StreamNames", page)
                .flag("HasMoreStreams", count < left.size())
                .each("StreamSummaries", names.infos(page), StreamDescriptions::identify);
        if (count < left.size()) {
            reply.text("NextToken", PageToken.issue(KIND, clock, page.get(count - 1)));
        }
    }
}
