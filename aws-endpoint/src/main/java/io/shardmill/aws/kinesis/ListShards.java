package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Page;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ListShards, page by page. A token holds what the first request said. */
final class ListShards {

    private static final Member<Instant> CREATION = Member.time("StreamCreationTimestamp");
    private static final Member<String> AFTER = KinesisMembers.name("ExclusiveStartShardId");
    private static final Shape INPUT = Shape.of(
            ShardFilter.MEMBER,
            KinesisMembers.MAX_RESULTS,
            KinesisMembers.NEXT_TOKEN,
            AFTER,
            CREATION,
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);
    /** What a token holds already. */
    private static final List<Member<?>> IN_TOKEN =
            List.of(KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN, CREATION, AFTER, ShardFilter.MEMBER);

    private static final String KIND = "shards";
    private static final int DEFAULT_RESULTS = 1_000;
    private static final int WORDS = 6;

    private final StreamNames names;
    private final Clock clock;

    ListShards(StreamNames names, Clock clock) {
        this.names = names;
        this.clock = clock;
    }

    Operation<Action> operation() {
        return Action.operation("ListShards", INPUT, this::list);
    }

    /** What to list, and behind which shard. */
    private record Listing(
            StreamInfo stream, ShardFilter filter, @Nullable String after) {}

    private void list(Members request, ResponseWriter response) {
        String token = request.get(KinesisMembers.NEXT_TOKEN);
        Listing listing = token == null ? first(request) : next(request, token);
        Page<ShardInfo> page = Page.of(
                listing.filter
                        .select(ListedShards.of(listing.stream, clock.instant()))
                        .shards(),
                ShardInfo::id,
                listing.after,
                request.get(KinesisMembers.MAX_RESULTS, DEFAULT_RESULTS));
        response.each("Shards", page.items(), ListedShards::write).text("NextToken", token(listing, page.next()));
    }

    private Listing first(Members request) {
        if (!request.has(KinesisMembers.STREAM_NAME) && !request.has(KinesisMembers.STREAM_ARN)) {
            throw KinesisErrors.invalidArgument("Either NextToken or StreamName should be provided.");
        }
        StreamInfo stream = names.existing(request);
        names.requireCreation(stream, request.get(CREATION));
        return new Listing(stream, ShardFilter.of(request), request.get(AFTER));
    }

    private Listing next(Members request, String token) {
        for (Member<?> member : IN_TOKEN) {
            if (request.has(member)) {
                throw KinesisErrors.invalidArgument("NextToken and " + member.name() + " cannot be provided together.");
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

    private @Nullable String token(Listing listing, @Nullable String last) {
        ShardFilter filter = listing.filter;
        return last == null
                ? null
                : PageToken.issue(
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
