package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Kinesis's responses to a client that describes and polls a stream, as far as the connector relies on them. */
abstract class KinesisApiContract extends KinesisSubscriptionContract {

    private static final int LARGE = 1_000_000;

    /** Enough for the read limit to recover. */
    private static final Duration PAUSE = Duration.ofSeconds(6);

    private String iterator(String shard, Consumer<GetShardIteratorRequest.Builder> from) {
        return client().getShardIterator(
                        request -> request.streamName(STREAM).shardId(shard).applyMutation(from))
                .join()
                .shardIterator();
    }

    private String iterator(String shard, ShardIteratorType type) {
        return iterator(shard, request -> request.shardIteratorType(type));
    }

    private String iterator(String shard, ShardIteratorType type, SequenceNumber number) {
        return iterator(shard, request -> request.shardIteratorType(type).startingSequenceNumber(number.toString()));
    }

    private String iterator(String shard, Instant time) {
        return iterator(
                shard,
                request -> request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                        .timestamp(time));
    }

    private GetRecordsResponse records(String iterator, int limit) {
        advance(PAUSE);
        return client().getRecords(request -> request.shardIterator(iterator).limit(limit))
                .join();
    }

    private GetRecordsResponse records(String iterator) {
        return records(iterator, 1_000);
    }

    private static List<String> numbers(GetRecordsResponse page) {
        return page.records().stream().map(record -> record.sequenceNumber()).toList();
    }

    private List<String> numbers(String iterator) {
        return numbers(records(iterator));
    }

    @Test
    void a_summary_says_which_stream_it_is_by_its_own_clock() {
        var answer = client().describeStreamSummary(request -> request.streamName(STREAM))
                .join();
        var summary = answer.streamDescriptionSummary();

        assertThat(summary.streamStatus()).isEqualTo(StreamStatus.ACTIVE);
        assertThat(summary.streamARN()).endsWith(":stream/" + STREAM);
        assertThat(summary.streamCreationTimestamp()).isBeforeOrEqualTo(now());
        assertThat(answer.sdkHttpResponse().firstMatchingHeader("Date")).isPresent();
        assertThat(client().describeStreamSummary(request -> request.streamARN(summary.streamARN()))
                        .join()
                        .streamDescriptionSummary())
                .isEqualTo(summary);
    }

    @Test
    void iterators_begin_where_they_are_told_to() {
        String shard = shard(0);
        String first = put(shard).toString();
        Instant early = now();
        advance(PAUSE);
        Instant late = now();
        SequenceNumber second = put(shard);
        String tip = iterator(shard, ShardIteratorType.LATEST);
        SequenceNumber third = put(shard);

        assertThat(numbers(iterator(shard, ShardIteratorType.TRIM_HORIZON)))
                .containsExactly(first, second.toString(), third.toString());
        assertThat(numbers(iterator(shard, ShardIteratorType.AT_SEQUENCE_NUMBER, second)))
                .containsExactly(second.toString(), third.toString());
        assertThat(numbers(iterator(shard, ShardIteratorType.AFTER_SEQUENCE_NUMBER, second)))
                .containsExactly(third.toString());
        assertThat(numbers(iterator(shard, ShardIteratorType.AFTER_SEQUENCE_NUMBER, third)))
                .isEmpty();
        assertThat(numbers(iterator(shard, early))).hasSizeBetween(2, 3).endsWith(third.toString());
        assertThat(numbers(iterator(shard, late))).containsExactly(second.toString(), third.toString());
        assertThat(numbers(tip)).containsExactly(third.toString());
    }

    @Test
    void an_iterator_is_good_for_five_minutes_and_as_often_as_one_likes() {
        String shard = shard(0);
        String iterator = iterator(shard, ShardIteratorType.TRIM_HORIZON);
        String number = put(shard).toString();
        advance(Duration.ofSeconds(280));

        assertThat(numbers(iterator)).containsExactly(number);
        assertThat(numbers(iterator)).containsExactly(number);
        advance(Duration.ofSeconds(10));
        assertFails(ExpiredIteratorException.class, () -> records(iterator));
    }

    @Test
    void numbers_of_another_shard_are_refused_even_between_the_shards_own() {
        SequenceNumber first = put(shard(0));
        SequenceNumber other = put(shard(1));
        SequenceNumber last = put(shard(0));

        assertThat(iterator(shard(0), ShardIteratorType.AT_SEQUENCE_NUMBER, first))
                .isNotEmpty();
        assertThat(iterator(shard(0), ShardIteratorType.AFTER_SEQUENCE_NUMBER, last))
                .isNotEmpty();
        assertFails(
                InvalidArgumentException.class, () -> iterator(shard(0), ShardIteratorType.AT_SEQUENCE_NUMBER, other));
        assertFails(
                InvalidArgumentException.class,
                () -> iterator(shard(0), ShardIteratorType.AFTER_SEQUENCE_NUMBER, SequenceNumber.of(1)));
    }

    @Test
    void a_time_to_come_is_refused() {
        assertFails(InvalidArgumentException.class, () -> iterator(shard(0), now().plusSeconds(1)));
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertFails(
                ResourceNotFoundException.class,
                () -> iterator("shardId-000000000007", ShardIteratorType.TRIM_HORIZON));
        assertFails(
                ResourceNotFoundException.class,
                () -> client().listShards(request -> request.streamName("others"))
                        .join());
        assertFails(
                ResourceNotFoundException.class,
                () -> client().describeStreamSummary(request -> request.streamName("others"))
                        .join());
    }

    @Test
    void a_deleted_stream_is_not_found_and_its_iterators_are_not_good_for_the_next() {
        String iterator = iterator(shard(0), ShardIteratorType.TRIM_HORIZON);
        SequenceNumber number = put(shard(0));
        delete();
        assertFails(ResourceNotFoundException.class, () -> records(iterator));
        assertFails(ResourceNotFoundException.class, this::shards);
        createAgain();
        assertFails(InvalidArgumentException.class, () -> records(iterator));
        assertFails(
                InvalidArgumentException.class,
                () -> iterator(shard(0), ShardIteratorType.AFTER_SEQUENCE_NUMBER, number));
    }

    @Test
    void a_page_says_whether_the_shard_has_more() {
        String shard = shard(0);
        String first = put(shard).toString();
        String second = put(shard).toString();
        GetRecordsResponse behind = records(iterator(shard, ShardIteratorType.TRIM_HORIZON), 1);
        GetRecordsResponse last = records(behind.nextShardIterator());
        GetRecordsResponse tip = records(last.nextShardIterator());

        assertThat(numbers(behind)).containsExactly(first);
        assertThat(behind.millisBehindLatest()).isPositive();
        assertThat(numbers(last)).containsExactly(second);
        assertThat(last.millisBehindLatest()).isZero();
        assertThat(numbers(tip)).isEmpty();
        assertThat(tip.millisBehindLatest()).isZero();
        assertThat(tip.nextShardIterator()).isNotNull();
        assertThat(tip.childShards()).isEmpty();
    }

    @Test
    void a_page_has_ten_megabytes_at_most() {
        String shard = shard(0);
        for (int record = 0; record < 12; record++) {
            put(shard, new byte[LARGE]);
        }
        GetRecordsResponse page = records(iterator(shard, ShardIteratorType.TRIM_HORIZON));
        assertThat(page.records()).hasSizeBetween(1, 10);
        assertThat(records(page.nextShardIterator()).records())
                .hasSize(12 - page.records().size());
    }

    @Test
    void five_reads_of_a_shard_in_a_second_are_answered_and_ten_megabytes_take_five_seconds() {
        String shard = shard(0);
        String iterator = iterator(shard, ShardIteratorType.TRIM_HORIZON);
        for (int read = 0; read < 5; read++) {
            at(iterator).join();
        }
        assertFails(
                ProvisionedThroughputExceededException.class, () -> at(iterator).join());
        advance(PAUSE);
        for (int record = 0; record < 9; record++) {
            put(shard, new byte[LARGE]);
        }
        at(iterator).join();
        advance(Duration.ofSeconds(2));
        assertFails(
                ProvisionedThroughputExceededException.class, () -> at(iterator).join());
        advance(PAUSE);
        assertThat(at(iterator).join().records()).isNotEmpty();
    }

    private CompletableFuture<GetRecordsResponse> at(String iterator) {
        return client().getRecords(request -> request.shardIterator(iterator));
    }

    @Test
    void a_split_shard_ends_with_its_children() {
        String parent = shard(0);
        String number = put(parent).toString();
        split(parent);
        List<String> found = new ArrayList<>();
        GetRecordsResponse page = end(parent, found);

        assertThat(found).containsExactly(number);
        assertThat(page.millisBehindLatest()).isZero();
        assertThat(page.childShards())
                .extracting(ChildShard::shardId)
                .containsExactlyElementsOf(
                        shards().subList(2, 4).stream().map(Shard::shardId).toList());
        assertThat(page.childShards())
                .extracting(ChildShard::hashKeyRange)
                .containsExactlyElementsOf(
                        shards().subList(2, 4).stream().map(Shard::hashKeyRange).toList());
        assertThat(page.childShards())
                .allSatisfy(child -> assertThat(child.parentShards()).containsExactly(parent));
        assertThat(end(shard(2), found, false).childShards()).isEmpty();
    }

    @Test
    void a_merged_shards_parents_both_end_with_it() {
        List<String> parents = List.of(shard(0), shard(1));
        merge(parents.get(0), parents.get(1));
        for (String parent : parents) {
            assertThat(end(parent, new ArrayList<>()).childShards())
                    .singleElement()
                    .satisfies(child -> assertThat(child.parentShards()).containsExactlyInAnyOrderElementsOf(parents));
        }
    }

    private GetRecordsResponse end(String shard, List<String> found) {
        return end(shard, found, true);
    }

    /** Reads up to the last page of the shard, or to its tip. */
    private GetRecordsResponse end(String shard, List<String> found, boolean isClosed) {
        GetRecordsResponse page = records(iterator(shard, ShardIteratorType.TRIM_HORIZON));
        found.addAll(numbers(page));
        for (int pages = 1; isClosed && page.nextShardIterator() != null; pages++) {
            assertThat(pages).isLessThan(5);
            page = records(page.nextShardIterator());
            found.addAll(numbers(page));
        }
        return page;
    }

    @Test
    void a_listing_shows_lineage_and_which_shards_are_closed() {
        String parent = shard(0);
        SequenceNumber number = put(parent);
        split(parent);
        List<Shard> shards = shards();
        Shard closed = shards.get(0);

        assertThat(shards).hasSize(4);
        assertThat(shards).extracting(Shard::parentShardId).containsExactly(null, null, parent, parent);
        assertThat(number)
                .isBetween(
                        SequenceNumber.parse(closed.sequenceNumberRange().startingSequenceNumber()),
                        SequenceNumber.parse(closed.sequenceNumberRange().endingSequenceNumber()));
        assertThat(shards.subList(1, 4))
                .allSatisfy(open -> assertThat(open.sequenceNumberRange().endingSequenceNumber())
                        .isNull());
        merge(shard(2), shard(3));
        assertThat(shards().get(4).parentShardId()).isEqualTo(shard(2));
        assertThat(shards().get(4).adjacentParentShardId()).isEqualTo(shard(3));
        assertThat(shards().get(4).hashKeyRange()).isEqualTo(closed.hashKeyRange());
    }

    @Test
    void a_listing_comes_in_pages_each_asked_for_by_its_token_alone() {
        ListShardsResponse first = client().listShards(
                        request -> request.streamName(STREAM).maxResults(1))
                .join();
        ListShardsResponse second = client().listShards(request -> request.nextToken(first.nextToken()))
                .join();

        assertThat(first.shards()).hasSize(1);
        assertThat(second.shards()).hasSize(1).doesNotContainAnyElementsOf(first.shards());
        assertThat(second.nextToken()).isNull();
        assertFails(
                InvalidArgumentException.class,
                () -> client().listShards(request -> request.streamName(STREAM).nextToken(first.nextToken()))
                        .join());
    }

    @Test
    void a_filtered_listing_has_the_shards_that_were_open_then_or_are() {
        String parent = shard(0);
        Instant before = now();
        advance(PAUSE);
        split(parent);
        advance(PAUSE);

        assertThat(since(before)).isEqualTo(shards());
        assertThat(since(now())).isEqualTo(shards().subList(1, 4));
        assertThat(client().listShards(request -> request.streamName(STREAM)
                                .shardFilter(filter -> filter.type(ShardFilterType.AT_LATEST)))
                        .join()
                        .shards())
                .isEqualTo(shards().subList(1, 4));
    }

    private List<Shard> since(Instant time) {
        return client().listShards(request -> request.streamName(STREAM)
                        .shardFilter(filter ->
                                filter.type(ShardFilterType.FROM_TIMESTAMP).timestamp(time)))
                .join()
                .shards();
    }

    @Test
    void what_is_older_than_a_day_may_be_skipped_and_a_shard_that_had_nothing_else_is_not_listed() {
        String parent = shard(0);
        String other = shard(1);
        put(parent);
        SequenceNumber old = put(other);
        split(parent);
        advance(Duration.ofHours(25));
        String last = put(other).toString();

        assertThat(shards()).extracting(Shard::shardId).doesNotContain(parent).hasSize(3);
        assertThat(upToTip(iterator(other, ShardIteratorType.AT_SEQUENCE_NUMBER, old)))
                .endsWith(last);
        assertThat(upToTip(iterator(other, ShardIteratorType.TRIM_HORIZON))).endsWith(last);
    }

    private List<String> upToTip(String iterator) {
        GetRecordsResponse page = records(iterator);
        List<String> found = new ArrayList<>(numbers(page));
        while (page.millisBehindLatest() > 0) {
            page = records(page.nextShardIterator());
            found.addAll(numbers(page));
        }
        return found;
    }
}
