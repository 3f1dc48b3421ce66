package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ListShards, page by page. A token holds what the first request said. */
final class ListShards implements Action.OfMembers {

    private static final String KIND = "shards";
    private static final int DEFAULT_RESULTS = 1_000;
    private static final int MAX_RESULTS = 10_000;
    private static final int WORDS = 6;

    private final StreamNames names;
    private final Clock clock;

    ListShards(StreamNames names, Clock clock) {
        this.names = names;
        this.clock = clock;
    }

    /** What to list, and behind which shard. */
    private record Listing(
            StreamInfo stream, ShardFilter filter, @Nullable String after) {}

    @Override
    public void answer(Members request, Reply reply) {
        Integer results = request.number("MaxResults");
        String token = request.text("NextToken");
        String after = request.text("ExclusiveStartShardId");
        Constraints constraints = ShardFilter.constraints(request)
                .range("maxResults", results, 1, MAX_RESULTS)
                .length("nextToken", token, 1, 1 << 20)
                .length("exclusiveStartShardId", after, 1, 128)
                .matches("exclusiveStartShardId", after, Constraints.STREAM_NAME);
        Listing listing = token == null ? first(request, constraints) : next(request, token, constraints);
        List<ShardInfo> shards = listing.filter
                .select(ListedShards.of(listing.stream, clock.instant()))
                .after(listing.after);
        int count = Math.min(shards.size(), results == null ? DEFAULT_RESULTS : results);
        reply.each("Shards", shards.subList(0, count), ListedShards::write);
        if (count < shards.size()) {
            reply.text("NextToken", token(listing, shards.get(count - 1).id()));
        }
    }

    private Listing first(Members request, Constraints constraints) {
        String name = request.text("StreamName");
        String arn = request.text("StreamARN");
        if (name == null && arn == null) {
            constraints.check();
            throw KinesisException.invalidArgument("Either NextToken or StreamName should be provided.");
        }
        StreamInfo stream = names.existing(names.name(name, arn, constraints));
        names.requireCreation(stream, request.time("StreamCreationTimestamp"));
        return new Listing(stream, ShardFilter.of(request), request.text("ExclusiveStartShardId"));
    }

    private Listing next(Members request, String token, Constraints constraints) {
        constraints.check();
        for (String member : List.of("StreamName", "StreamARN", "StreamCreationTimestamp", "ExclusiveStartShardId")) {
            if (request.has(member)) {
                throw KinesisException.invalidArgument("NextToken and " + member + " cannot be provided together.");
            }
        }
        List<String> words = PageToken.read(KIND, clock, token, WORDS);
        StreamInfo stream = names.existing(words.get(0));
        if (!stream.incarnation().equals(words.get(1))) {
            throw names.notFound(stream.name());
        }
        try {
            return new Listing(
                    stream,
                    new ShardFilter(
                            ShardFilter.Type.valueOf(words.get(3)),
                            words.get(4).isEmpty() ? null : words.get(4),
                            words.get(5).isEmpty() ? null : Instant.parse(words.get(5))),
                    words.get(2));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw PageToken.invalid();
        }
    }

    private String token(Listing listing, String last) {
        ShardFilter filter = listing.filter;
        return PageToken.issue(
                KIND,
                clock,
                listing.stream.name(),
                listing.stream.incarnation(),
                last,
                filter.type().name(),
                filter.shardId() == null ? "" : filter.shardId(),
                filter.timestamp() == null ? "" : filter.timestamp().toString());
    }
}
