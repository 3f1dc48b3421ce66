package io.shardmill.kinesis;

import static io.shardmill.kinesis.KinesisFailures.expired;
import static io.shardmill.kinesis.KinesisFailures.expiredToken;
import static io.shardmill.kinesis.KinesisFailures.inUse;
import static io.shardmill.kinesis.KinesisFailures.invalid;
import static io.shardmill.kinesis.KinesisFailures.notFound;
import static io.shardmill.kinesis.KinesisFailures.throttled;

import io.shardmill.function.SequenceNumber;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;

/** A stream of Kinesis in memory, which answers requests at once, as of its clock. Used by one thread. */
final class FakeKinesisServer {

    private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);
    private static final int MAX_RECORDS = 10_000;
    private static final int MAX_BYTES = 10 << 20;
    private static final Duration LIFE_OF_A_TOKEN = Duration.ofMinutes(5);

    /** The freedom that Kinesis's contract leaves to a server. */
    static class Whims {

        /** How many of so many shards one page lists. */
        int shardsOfAPage() {
            return Integer.MAX_VALUE;
        }

        /** How many of so many records one page has: none, even. */
        int recordsOfAPage(int found) {
            return found;
        }

        /** Whether a shard's end comes with its last records, or only with the next page. */
        boolean saysTheEndWithRecords() {
            return true;
        }

        /** How long a consumer stays CREATING. */
        long registrationMillis() {
            return 0;
        }

        /** By how much the list of shards is stale; what was listed once stays listed. */
        long listingLagMillis() {
            return 0;
        }
    }

    private final String name;
    private final InstantSource clock;
    private final Whims whims;
    private final FakeConsumers consumers;
    private final Map<String, FakeShard> shards = new LinkedHashMap<>();
    private Duration retention = Duration.ofHours(24);
    private boolean exists;
    private boolean isLimited = true;
    private long created;
    private long activeFrom;
    private long listed;

    FakeKinesisServer(String name, int shards, InstantSource clock, Whims whims) {
        this.name = name;
        this.clock = clock;
        this.whims = whims;
        this.consumers = new FakeConsumers(clock, whims);
        create(shards, Duration.ZERO);
    }

    // What tests do to it.

    /** Creates the stream, which is active after a while. */
    void create(int count, Duration until) {
        exists = true;
        created = clock.millis();
        activeFrom = created + until.toMillis();
        shards.clear();
        BigInteger width = HASH_KEYS.divide(BigInteger.valueOf(count));
        for (int index = 0; index < count; index++) {
            BigInteger first = width.multiply(BigInteger.valueOf(index));
            BigInteger next = index == count - 1 ? HASH_KEYS : first.add(width);
            add(List.of(), first, next.subtract(BigInteger.ONE));
        }
    }

    private void add(List<FakeShard> parents, BigInteger firstHash, BigInteger lastHash) {
        FakeShard shard = new FakeShard(shards.size(), parents, created, clock.millis(), firstHash, lastHash);
        shards.put(shard.id, shard);
    }

    void delete() {
        exists = false;
        consumers.clear();
    }

    FakeShard.Stored put(String shard, String text) {
        return put(shard, text.getBytes(StandardCharsets.UTF_8));
    }

    FakeShard.Stored put(String shard, byte[] data) {
        FakeShard open = shards.get(shard);
        if (!open.isOpen(clock.millis())) {
            throw new IllegalStateException(shard + " is closed");
        }
        return open.put("key", data, clock.millis());
    }

    void split(String shard) {
        FakeShard parent = shards.get(shard);
        parent.close(clock.millis());
        BigInteger middle = parent.firstHash.add(parent.lastHash).shiftRight(1);
        add(List.of(parent), parent.firstHash, middle);
        add(List.of(parent), middle.add(BigInteger.ONE), parent.lastHash);
    }

    void merge(String first, String second) {
        FakeShard lower = shards.get(first);
        FakeShard upper = shards.get(second);
        lower.close(clock.millis());
        upper.close(clock.millis());
        add(List.of(lower, upper), lower.firstHash.min(upper.firstHash), lower.lastHash.max(upper.lastHash));
    }

    void retain(Duration retention) {
        this.retention = retention;
    }

    /** Lifts the limits of requests. */
    void unlimited() {
        isLimited = false;
    }

    /** All shards of the present stream, expired ones included. */
    List<FakeShard> shards() {
        return List.copyOf(shards.values());
    }

    FakeShard shard(String id) {
        return Objects.requireNonNull(shards.get(id), id);
    }

    List<String> openShards() {
        return shards.values().stream()
                .filter(shard -> shard.isOpen(clock.millis()))
                .map(shard -> shard.id)
                .toList();
    }

    /** Returns since when arrived records are kept. */
    long horizon() {
        return clock.millis() - retention.toMillis();
    }

    boolean isActive() {
        return exists && clock.millis() >= activeFrom;
    }

    /** Names the present stream, as the connector does. */
    String incarnation() {
        return Instant.ofEpochMilli(created).toString();
    }

    String arn() {
        return "arn:aws:kinesis:us-east-1:123456789012:stream/" + name;
    }

    // Requests.

    DescribeStreamSummaryResponse summary(DescribeStreamSummaryRequest request) {
        requireStream(request.streamName(), request.streamARN());
        DescribeStreamSummaryResponse.Builder answer = DescribeStreamSummaryResponse.builder()
                .streamDescriptionSummary(summary -> summary.streamName(name)
                        .streamARN(arn())
                        .streamStatus(isActive() ? StreamStatus.ACTIVE : StreamStatus.CREATING)
                        .retentionPeriodHours((int) retention.toHours())
                        .streamCreationTimestamp(Instant.ofEpochMilli(created))
                        .openShardCount(openShards().size()));
        answer.sdkHttpResponse(SdkHttpResponse.builder()
                .statusCode(200)
                .putHeader(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)))
                .build());
        return answer.build();
    }

    private void requireStream(@Nullable String streamName, @Nullable String streamArn) {
        boolean isNamed = streamArn == null ? name.equals(streamName) : arn().equals(streamArn);
        if (!exists || !isNamed) {
            throw notFound("Stream " + name + " under account 123456789012 not found.");
        }
    }

    private void requireActive() {
        if (!isActive()) {
            throw inUse("Stream " + name + " is being created.");
        }
    }

    private static String token(Object... parts) {
        return String.join(
                "/", java.util.Arrays.stream(parts).map(String::valueOf).toList());
    }

    ListShardsResponse list(ListShardsRequest request) {
        String token = request.nextToken();
        if (token != null) {
            if (request.streamName() != null || request.streamARN() != null || request.shardFilter() != null) {
                throw invalid("NextToken and StreamName cannot be provided together.");
            }
            String[] parts = token.split("/", -1);
            if (clock.millis() - Long.parseLong(parts[0]) > LIFE_OF_A_TOKEN.toMillis()) {
                throw expiredToken();
            }
            requireStream(name, null);
            return page(
                    ShardFilterType.valueOf(parts[1]),
                    Long.parseLong(parts[2]),
                    Integer.parseInt(parts[3]),
                    request.maxResults());
        }
        requireStream(request.streamName(), request.streamARN());
        requireActive();
        if (request.shardFilter() == null) {
            return page(ShardFilterType.FROM_TRIM_HORIZON, 0, 0, request.maxResults());
        }
        Instant time = request.shardFilter().timestamp();
        if (request.shardFilter().type() == ShardFilterType.FROM_TIMESTAMP && time == null) {
            throw invalid("Timestamp must be provided when ShardFilter is of type FROM_TIMESTAMP.");
        }
        if (time != null && time.isAfter(clock.instant())) {
            throw invalid("The timestamp of a ShardFilter cannot be in the future.");
        }
        return page(request.shardFilter().type(), time == null ? 0 : time.toEpochMilli(), 0, request.maxResults());
    }

    /** Lists the shards from an index on. */
    private ListShardsResponse page(ShardFilterType filter, long time, int from, @Nullable Integer most) {
        long asOf = Math.max(listed, clock.millis() - whims.listingLagMillis());
        listed = asOf;
        List<FakeShard> all = shards();
        ListShardsResponse.Builder page = ListShardsResponse.builder();
        List<software.amazon.awssdk.services.kinesis.model.Shard> found = new ArrayList<>();
        int room = Math.min(whims.shardsOfAPage(), most == null ? Integer.MAX_VALUE : most);
        int index = from;
        while (index < all.size() && found.size() < room) {
            FakeShard shard = all.get(index++);
            boolean isKnown = shard.parents.isEmpty() || shard.created <= asOf;
            if (isKnown && isKept(shard) && isSelected(shard, filter, time, asOf)) {
                found.add(shard.description(asOf));
            }
        }
        boolean isMore = index < all.size();
        return page.shards(found)
                .nextToken(isMore ? token(clock.millis(), filter, time, index) : null)
                .build();
    }

    private boolean isKept(FakeShard shard) {
        return shard.closed() >= horizon();
    }

    private static boolean isSelected(FakeShard shard, ShardFilterType filter, long time, long asOf) {
        return switch (filter) {
            case FROM_TRIM_HORIZON -> true;
            case AT_LATEST -> shard.isOpen(asOf);
            case FROM_TIMESTAMP -> shard.isOpen(asOf) || shard.closed() >= time;
            default -> throw new IllegalStateException("not faked: " + filter);
        };
    }

    private FakeShard requireShard(String id) {
        FakeShard shard = shards.get(id);
        if (shard == null || !isKept(shard)) {
            throw notFound("Shard " + id + " in stream " + name + " under account 123456789012 does not exist");
        }
        return shard;
    }

    GetShardIteratorResponse iterator(GetShardIteratorRequest request) {
        requireStream(request.streamName(), request.streamARN());
        requireActive();
        FakeShard shard = requireShard(request.shardId());
        int index = index(shard, request.shardIteratorType(), request.startingSequenceNumber(), request.timestamp());
        return GetShardIteratorResponse.builder()
                .shardIterator(iterator(shard, index))
                .build();
    }

    private int index(FakeShard shard, ShardIteratorType type, @Nullable String number, @Nullable Instant time) {
        return switch (type) {
            case TRIM_HORIZON -> 0;
            case LATEST -> shard.records().size();
            case AT_TIMESTAMP -> at(time, shard::firstSince);
            case AT_SEQUENCE_NUMBER -> shard.firstFrom(number(shard, number), false);
            case AFTER_SEQUENCE_NUMBER -> shard.firstFrom(number(shard, number), true);
            default -> throw new IllegalStateException("not faked: " + type);
        };
    }

    private int at(@Nullable Instant time, ToIntFunction<Long> first) {
        if (time == null) {
            throw invalid("Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.");
        }
        if (time.isAfter(clock.instant())) {
            throw invalid(
                    "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: "
                            + time.toEpochMilli() + ", currentTimestampInMillis: " + clock.millis());
        }
        return first.applyAsInt(time.toEpochMilli());
    }

    private static SequenceNumber number(FakeShard shard, @Nullable String text) {
        if (text == null) {
            throw invalid("Must specify StartingSequenceNumber.");
        }
        SequenceNumber number = SequenceNumber.parse(text);
        if (!shard.isOurs(number)) {
            throw invalid("Invalid StartingSequenceNumber. It was used in a call to a shard with " + shard.id);
        }
        return number;
    }

    private String iterator(FakeShard shard, int index) {
        return token(clock.millis(), created, shard.id, index);
    }

    /** Returns which shard an iterator is of, and of which stream of this name. */
    static String shardOf(String iterator) {
        return iterator.substring(iterator.indexOf('/') + 1, iterator.lastIndexOf('/'));
    }

    GetRecordsResponse records(GetRecordsRequest request) {
        String[] parts = request.shardIterator().split("/", -1);
        if (parts.length != 4) {
            throw invalid("Invalid ShardIterator.");
        }
        if (clock.millis() - Long.parseLong(parts[0]) > LIFE_OF_A_TOKEN.toMillis()) {
            throw expired("Iterator expired.");
        }
        requireStream(name, request.streamARN());
        if (Long.parseLong(parts[1]) != created) {
            throw invalid("Invalid ShardIterator.");
        }
        FakeShard shard = requireShard(parts[2]);
        if (isLimited && shard.isThrottled(clock.millis())) {
            throw throttled();
        }
        int limit = request.limit() == null ? MAX_RECORDS : request.limit();
        return read(shard, Math.max(Integer.parseInt(parts[3]), shard.firstSince(horizon())), limit);
    }

    FakeConsumers consumers() {
        return consumers;
    }

    /** Begins a subscription of a consumer, which is sent the shard's records from then on. */
    void subscribe(SubscribeToShardRequest request, FakeSubscription subscription) {
        requireStream(
                name, request.consumerARN().substring(0, request.consumerARN().indexOf("/consumer/")));
        FakeShard shard = requireShard(request.shardId());
        int from = index(
                shard,
                request.startingPosition().type(),
                request.startingPosition().sequenceNumber(),
                request.startingPosition().timestamp());
        consumers.begin(request.consumerARN(), shard.id, subscription);
        subscription.begin(from, index -> pushed(shard, Math.max(index, shard.firstSince(horizon()))));
    }

    private FakeSubscription.Pushed pushed(FakeShard shard, int from) {
        GetRecordsResponse page = read(shard, from, MAX_RECORDS);
        int next = from + page.records().size();
        boolean isEnd = page.nextShardIterator() == null;
        return new FakeSubscription.Pushed(
                SubscribeToShardEventStream.subscribeToShardEventBuilder()
                        .records(page.records())
                        .millisBehindLatest(page.millisBehindLatest())
                        .continuationSequenceNumber(isEnd ? null : shard.numberBefore(next))
                        .childShards(isEnd ? page.childShards() : null)
                        .build(),
                next);
    }

    private GetRecordsResponse read(FakeShard shard, int from, int limit) {
        List<FakeShard.Stored> found = found(shard, from, limit);
        List<Record> page = new ArrayList<>(found.size());
        long bytes = 0;
        int size = Math.min(found.size(), whims.recordsOfAPage(found.size()));
        for (FakeShard.Stored stored : found.subList(0, size)) {
            page.add(stored.record());
            bytes += stored.size();
        }
        shard.spend(bytes, clock.millis());
        int next = from + size;
        boolean isAtTip = next == shard.records().size();
        boolean isEnd = isAtTip && !shard.isOpen(clock.millis()) && (page.isEmpty() || whims.saysTheEndWithRecords());
        return GetRecordsResponse.builder()
                .records(page)
                .millisBehindLatest(
                        isAtTip
                                ? 0
                                : Math.max(
                                        1,
                                        clock.millis()
                                                - shard.records().get(next).arrival()))
                .nextShardIterator(isEnd ? null : iterator(shard, next))
                .childShards(
                        isEnd
                                ? shards().stream()
                                        .filter(child -> child.parents.contains(shard))
                                        .map(FakeShard::asChild)
                                        .toList()
                                : null)
                .build();
    }

    private static List<FakeShard.Stored> found(FakeShard shard, int from, int limit) {
        int end = from;
        long bytes = 0;
        while (end < shard.records().size() && end - from < limit) {
            bytes += shard.records().get(end).size();
            if (bytes > MAX_BYTES && end > from) {
                break;
            }
            end++;
        }
        return shard.records().subList(from, end);
    }
}
