package io.shardmill.kinesis;

import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/**
 * Asks what a stream is and which shards it has. Waits for the answers, each at most as long as the client does. Thread-safe.
 *
 * @param stream the stream's name, for people
 * @param address puts name or ARN into requests
 */
record StreamDirectory(KinesisAsyncClient client, String stream, StreamAddress address, InstantSource clock) {

    /**
     * A stream at a time of Kinesis's own clock.
     *
     * @param asOf not after the answer was made
     */
    record Summary(StreamDescriptionSummary stream, Instant asOf) {}

    /** @throws StreamNotFoundException if there is no such stream */
    Summary summary() {
        DescribeStreamSummaryResponse answer =
                answer(() -> client.describeStreamSummary(request -> address.put(request)));
        return new Summary(answer.streamDescriptionSummary(), date(answer));
    }

    /** Reads the server's clock, which records are stamped by; this machine's may be ahead of it. */
    private Instant date(DescribeStreamSummaryResponse answer) {
        try {
            return answer.sdkHttpResponse()
                    .firstMatchingHeader("Date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .orElseGet(clock::instant);
        } catch (DateTimeParseException malformed) {
            return clock.instant();
        }
    }

    /** Names this stream, and no other that had or will have its name. */
    static String incarnation(StreamDescriptionSummary stream) {
        return stream.streamCreationTimestamp().toString();
    }

    /** Returns all shards that keep records, the oldest first. */
    List<Shard> shards() {
        return shards(request -> {});
    }

    /** Returns the shards that were open at that time or later. */
    List<Shard> shardsSince(Instant time) {
        return shards(request -> request.shardFilter(
                filter -> filter.type(ShardFilterType.FROM_TIMESTAMP).timestamp(time)));
    }

    private List<Shard> shards(Consumer<ListShardsRequest.Builder> filter) {
        List<Shard> shards = new ArrayList<>();
        String token = null;
        do {
            ListShardsResponse page = page(token, filter);
            shards.addAll(page.shards());
            token = page.nextToken();
        } while (token != null);
        return shards;
    }

    private ListShardsResponse page(@Nullable String token, Consumer<ListShardsRequest.Builder> filter) {
        return answer(() -> client.listShards(request -> {
            if (token == null) {
                address.put(request);
                filter.accept(request);
            } else {
                request.nextToken(token);
            }
        }));
    }

    /** Returns whether Kinesis takes the number for one of this shard. */
    boolean isOf(String shard, String number) {
        try {
            client.getShardIterator(request -> address.put(request)
                            .shardId(shard)
                            .shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                            .startingSequenceNumber(number))
                    .join();
            return true;
        } catch (CompletionException failed) {
            Failure failure = Failure.of(failed);
            if (failed.getCause() instanceof InvalidArgumentException || failure.kind() == Failure.Kind.NOT_FOUND) {
                return false;
            }
            throw unavailable(failure, failed);
        }
    }

    <T> T answer(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get().join();
        } catch (CompletionException failed) {
            Failure failure = Failure.of(failed);
            if (failure.kind() == Failure.Kind.NOT_FOUND) {
                throw new StreamNotFoundException("there is no Kinesis stream '" + stream + "' (" + failure.reason()
                        + "); create it, or correct the name, the region or the account");
            }
            throw unavailable(failure, failed);
        }
    }

    private StreamUnavailableException unavailable(Failure failure, Throwable cause) {
        return new StreamUnavailableException(
                "Kinesis stream '" + stream + "' can't be asked: " + failure.reason(), cause);
    }
}
