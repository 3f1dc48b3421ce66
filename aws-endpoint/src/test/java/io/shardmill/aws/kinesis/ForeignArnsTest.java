package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What names a stream of another region or account does nothing to the one of its name here. */
class ForeignArnsTest {

    private static final String OTHER_REGION = "arn:aws:kinesis:us-west-2:000000000000:stream/orders";
    private static final String OTHER_ACCOUNT = "arn:aws:kinesis:us-east-1:111111111111:stream/orders";

    private final KinesisEndpoint endpoint = new KinesisEndpoint();

    @BeforeEach
    void create() {
        endpoint.streams.createStream(STREAM, 2);
        String arn = "{\"StreamARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/orders\",";
        endpoint.post("RegisterStreamConsumer", arn + "\"ConsumerName\":\"c\"}");
        endpoint.post("AddTagsToStream", arn + "\"Tags\":{\"a\":\"b\"}}");
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    private String here() {
        String stream = "{\"StreamName\":\"orders\"}";
        return endpoint.post("DescribeStreamSummary", stream).body()
                + endpoint.post("DescribeStream", stream).body()
                + endpoint.post("ListTagsForStream", stream).body();
    }

    /** @param operation its name and its members, in which apostrophes stand for quotation marks and an asterisk for the ARN */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DeleteStream 'StreamARN':'*','EnforceConsumerDeletion':true",
                "DescribeStream 'StreamARN':'*'",
                "DescribeStreamSummary 'StreamARN':'*'",
                "ListShards 'StreamARN':'*'",
                "IncreaseStreamRetentionPeriod 'StreamARN':'*','RetentionPeriodHours':48",
                "DecreaseStreamRetentionPeriod 'StreamARN':'*','RetentionPeriodHours':24",
                "UpdateStreamMode 'StreamARN':'*','StreamModeDetails':{'StreamMode':'ON_DEMAND'}",
                "UpdateMaxRecordSize 'StreamARN':'*','MaxRecordSizeInKiB':2048",
                "UpdateShardCount 'StreamARN':'*','TargetShardCount':4,'ScalingType':'UNIFORM_SCALING'",
                "SplitShard 'StreamARN':'*','ShardToSplit':'shardId-0','NewStartingHashKey':'10'",
                "MergeShards 'StreamARN':'*','ShardToMerge':'shardId-0','AdjacentShardToMerge':'shardId-1'",
                "StartStreamEncryption 'StreamARN':'*','EncryptionType':'KMS','KeyId':'k'",
                "StopStreamEncryption 'StreamARN':'*','EncryptionType':'KMS','KeyId':'k'",
                "EnableEnhancedMonitoring 'StreamARN':'*','ShardLevelMetrics':['ALL']",
                "DisableEnhancedMonitoring 'StreamARN':'*','ShardLevelMetrics':['ALL']",
                "AddTagsToStream 'StreamARN':'*','Tags':{'c':'d'}",
                "RemoveTagsFromStream 'StreamARN':'*','TagKeys':['a']",
                "ListTagsForStream 'StreamARN':'*'",
                "TagResource 'ResourceARN':'*','Tags':{'c':'d'}",
                "TagResource 'ResourceARN':'*/consumer/c:1','Tags':{'c':'d'}",
                "UntagResource 'ResourceARN':'*','TagKeys':['a']",
                "ListTagsForResource 'ResourceARN':'*'",
                "RegisterStreamConsumer 'StreamARN':'*','ConsumerName':'d'",
                "DeregisterStreamConsumer 'StreamARN':'*','ConsumerName':'c'",
                "DeregisterStreamConsumer 'ConsumerARN':'*/consumer/c:1'",
                "DescribeStreamConsumer 'StreamARN':'*','ConsumerName':'c'",
                "DescribeStreamConsumer 'ConsumerARN':'*/consumer/c:1'",
                "ListStreamConsumers 'StreamARN':'*'",
                "PutRecord 'StreamARN':'*','Data':'','PartitionKey':'k'",
                "PutRecords 'StreamARN':'*','Records':[{'Data':'','PartitionKey':'k'}]",
                "GetShardIterator 'StreamARN':'*','ShardId':'shardId-0','ShardIteratorType':'LATEST'",
            })
    void no_operation_finds_a_stream_of_another_region_or_account(String operation) {
        String before = here();

        for (String foreign : new String[] {OTHER_REGION, OTHER_ACCOUNT}) {
            String[] parts = operation.split(" ", 2);
            HttpResponse<String> answer =
                    endpoint.post(parts[0], "{" + parts[1].replace('\'', '"').replace("*", foreign) + "}");

            assertThat(JsonMapper.shared()
                            .readTree(answer.body())
                            .path("__type")
                            .asString(""))
                    .isEqualTo("ResourceNotFoundException");
        }
        assertThat(here()).isEqualTo(before);
    }
}
