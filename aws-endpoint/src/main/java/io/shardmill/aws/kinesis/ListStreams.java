package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of the streams, page by page. */
final class ListStreams implements Action.OfMembers {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    private final EmbeddedStreams streams;

    ListStreams(EmbeddedStreams streams) {
        this.streams = streams;
    }

    @Override
    public void answer(Members request, Reply reply) {
        Integer limit = request.number("Limit");
        String after = request.text("ExclusiveStartStreamName");
        new Constraints()
                .range("limit", limit, 1, MAX_LIMIT)
                .length("exclusiveStartStreamName", after, 1, 128)
                .matches("exclusiveStartStreamName", after, Constraints.STREAM_NAME)
                .check();
        List<String> names = namesAfter(after);
        int count = Math.min(names.size(), limit == null ? DEFAULT_LIMIT : limit);
        reply.texts("StreamNames", names.subList(0, count)).flag("HasMoreStreams", count < names.size());
    }

    private List<String> namesAfter(@Nullable String name) {
        return streams.list().stream()
                .filter(each -> name == null || each.compareTo(name) > 0)
                .toList();
    }
}
