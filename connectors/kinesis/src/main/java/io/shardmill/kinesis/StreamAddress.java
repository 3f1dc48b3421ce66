package io.shardmill.kinesis;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;

/** How requests name a stream: by its ARN if that is known, which streams of other accounts require. */
record StreamAddress(String name, @Nullable String arn) {

    static StreamAddress of(KinesisStream stream) {
        KinesisArn arn = stream.arn();
        return arn == null
                ? new StreamAddress(stream.stream(), null)
                : new StreamAddress(arn.stream(), arn.streamArn());
    }

    DescribeStreamSummaryRequest.Builder put(DescribeStreamSummaryRequest.Builder request) {
        return arn == null ? request.streamName(name) : request.streamARN(arn);
    }

    ListShardsRequest.Builder put(ListShardsRequest.Builder request) {
        return arn == null ? request.streamName(name) : request.streamARN(arn);
    }

    GetShardIteratorRequest.Builder put(GetShardIteratorRequest.Builder request) {
        return arn == null ? request.streamName(name) : request.streamARN(arn);
    }

    PutRecordsRequest.Builder put(PutRecordsRequest.Builder request) {
        return arn == null ? request.streamName(name) : request.streamARN(arn);
    }
}
