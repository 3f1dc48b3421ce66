package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.StreamMode;
import io.shardmill.function.PutEntry;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Kinesis answers to requests as it was recorded from AWS, operation by operation. */
class RecordedErrorsTest {

    private static final String ACCOUNT = "000000000000";
    private static final String INVALID = "InvalidArgumentException";

    private final KinesisEndpoint endpoint = new KinesisEndpoint();

    @BeforeEach
    void create() {
        endpoint.streams.createStream(STREAM, 1);
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    /** Sends members, in which apostrophes stand for quotation marks. */
    private JsonNode answer(String operation, String members) {
        HttpResponse<String> response = endpoint.post(operation, "{" + members.replace('\'', '"') + "}");
        return response.body().isEmpty()
                ? JsonMapper.shared().createObjectNode()
                : JsonMapper.shared().readTree(response.body());
    }

    private void refused(String operation, String members, String code, String message) {
        JsonNode answer = answer(operation, members);
        assertThat(answer.path("__type").asString("")).isEqualTo(code);
        assertThat(answer.path("message").asString("")).isEqualTo(message);
    }

    private void accepted(String operation, String members) {
        assertThat(answer(operation, members).has("__type")).isFalse();
    }

    @Test
    void ListShards_takes_no_ShardFilter_beside_a_NextToken() {
        endpoint.streams.updateShardCount(STREAM, 2);
        String token = answer("ListShards", "'StreamName':'orders','MaxResults':1")
                .get("NextToken")
                .stringValue();

        refused(
                "ListShards",
                "'NextToken':'" + token + "','ShardFilter':{'Type':'AT_LATEST'}",
                INVALID,
                "NextToken and ShardFilter cannot be provided together.");
    }

    @Test
    void GetRecords_takes_an_iterator_inside_double_quotes() {
        String iterator = answer(
                        "GetShardIterator",
                        "'StreamName':'orders','ShardId':'shardId-0','ShardIteratorType':'TRIM_HORIZON'")
                .get("ShardIterator")
                .stringValue();

        accepted("GetRecords", "'ShardIterator':'\\\"" + iterator + "\\\"'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;b", "a\\tb", "a\\nb", "a,b"})
    void RemoveTagsFromStream_names_the_characters_that_a_key_can_have(String key) {
        refused(
                "RemoveTagsFromStream",
                "'StreamName':'orders','TagKeys':['" + key + "']",
                INVALID,
                "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / ="
                        + " + - % @.");
    }

    @Test
    void AddTagsToStream_refuses_a_long_key_before_it_looks_for_the_stream() {
        String key = "k".repeat(129);

        refused(
                "AddTagsToStream",
                "'StreamName':'none','Tags':{'" + key + "':'v'}",
                "ValidationException",
                "1 validation error detected: Value '{" + key + "=v}' at 'tags' failed to satisfy constraint: Map keys"
                        + " must satisfy constraint: [Member must have length less than or equal to 128, Member must"
                        + " have length greater than or equal to 1]");
    }

    @Test
    void AddTagsToStream_refuses_a_long_value_before_it_looks_for_the_stream() {
        String value = "v".repeat(257);

        refused(
                "AddTagsToStream",
                "'StreamName':'none','Tags':{'k':'" + value + "'}",
                "ValidationException",
                "1 validation error detected: Value '{k=" + value + "}' at 'tags' failed to satisfy constraint: Map"
                        + " value must satisfy constraint: [Member must have length less than or equal to 256, Member"
                        + " must have length greater than or equal to 0]");
    }

    @Test
    void AddTagsToStream_says_how_many_tags_a_stream_can_have() {
        String tags = IntStream.range(0, 51).mapToObj(i -> "'" + i + "':''").collect(Collectors.joining(","));

        refused(
                "AddTagsToStream",
                "'StreamName':'orders','Tags':{" + tags + "}",
                INVALID,
                "Failed to add tags to stream orders under account " + ACCOUNT
                        + " because a given stream cannot have more than 50 tags associated with it.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "26227199374822427428162556223570313216",
                "63006563459123492736498569923958127869091111923236864002",
                "49999999999999999999999999999999999999999999999999999999999"
            })
    void PutRecord_takes_no_SequenceNumberForOrdering_that_the_stream_has_not_given(String number) {
        refused(
                "PutRecord",
                "'StreamName':'orders','PartitionKey':'k','Data':'','SequenceNumberForOrdering':'" + number + "'",
                INVALID,
                "ExclusiveMinimumSequenceNumber " + number + " used in PutRecord on stream orders under account "
                        + ACCOUNT + " is invalid.");
    }

    @Test
    void PutRecord_takes_the_number_of_the_record_before_for_ordering() {
        String number = endpoint.streams
                .put(STREAM, PutEntry.of("k", "v"))
                .sequenceNumber()
                .toString();

        accepted(
                "PutRecord",
                "'StreamName':'orders','PartitionKey':'k','Data':'','SequenceNumberForOrdering':'" + number + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+/+=", "eB==", "eHh=", "e", "eA", "****"})
    void PutRecord_takes_canonical_base64_only(String data) {
        assertThat(answer("PutRecord", "'StreamName':'orders','PartitionKey':'k','Data':'" + data + "'")
                        .path("__type")
                        .asString(""))
                .isEqualTo("SerializationException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eA==", "eHg=", "eHh4", "eA\\u003d\\u003d"})
    void PutRecord_takes_canonical_base64(String data) {
        accepted("PutRecord", "'StreamName':'orders','PartitionKey':'k','Data':'" + data + "'");
        String text = data.replace("\\u003d", "=");
        assertThat(endpoint.streams
                        .read(
                                STREAM,
                                KinesisEndpoint.SHARD_0,
                                io.shardmill.poller.stream.Position.trimHorizon(),
                                1,
                                100)
                        .records()
                        .get(0)
                        .bytes())
                .isEqualTo(Base64.getDecoder().decode(text));
    }

    @Test
    void CreateStream_reports_a_wrong_type_before_a_broken_constraint() {
        assertThat(answer("CreateStream", "'StreamName':'a/b','ShardCount':'1'")
                        .path("__type")
                        .asString(""))
                .isEqualTo("SerializationException");
    }

    @Test
    void UpdateShardCount_clamps_a_number_to_32_bits_and_then_validates_it() {
        refused(
                "UpdateShardCount",
                "'StreamName':'orders','ScalingType':'UNIFORM_SCALING','TargetShardCount':100000000000",
                "LimitExceededException",
                "Target shard count or number of open shards cannot be greater than 10000. Current open shard count: 1,"
                        + " Target shard count: 2147483647");
        refused(
                "CreateStream",
                "'StreamName':'a','ShardCount':-100000000000",
                "ValidationException",
                "1 validation error detected: Value '-2147483648' at 'shardCount' failed to satisfy constraint: Member"
                        + " must have value greater than or equal to 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shardId-0", "shard-0", "0", "shardId-000000000000", "x-00"})
    void GetShardIterator_reads_a_shards_id_as_the_number_behind_the_hyphen(String id) {
        accepted("GetShardIterator", "'StreamName':'orders','ShardId':'" + id + "','ShardIteratorType':'TRIM_HORIZON'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetShardIterator", "SplitShard", "MergeShards"})
    void an_unreadable_shard_id_is_reported_before_an_unknown_stream(String operation) {
        refused(
                operation,
                "'StreamName':'none','ShardId':'shardId-2147483648','ShardIteratorType':'LATEST',"
                        + "'ShardToSplit':'shardId-2147483648','NewStartingHashKey':'2',"
                        + "'ShardToMerge':'shardId-2147483648','AdjacentShardToMerge':'shardId-0'",
                "ResourceNotFoundException",
                "Could not find shard shardId-2147483648 in stream none under account " + ACCOUNT + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"IncreaseStreamRetentionPeriod", "DecreaseStreamRetentionPeriod"})
    void a_retention_below_a_day_is_too_short(String operation) {
        refused(
                operation,
                "'StreamName':'orders','RetentionPeriodHours':23",
                INVALID,
                "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.");
    }

    @Test
    void GetShardIterator_at_a_timestamp_needs_one() {
        refused(
                "GetShardIterator",
                "'StreamName':'orders','ShardId':'shardId-0','ShardIteratorType':'AT_TIMESTAMP'",
                INVALID,
                "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no"
                        + " timestamp parameter.");
    }

    @Test
    void UpdateShardCount_is_not_for_streams_in_on_demand_mode() {
        endpoint.streams.updateMode(STREAM, StreamMode.ON_DEMAND);

        refused(
                "UpdateShardCount",
                "'StreamName':'orders','ScalingType':'UNIFORM_SCALING','TargetShardCount':2",
                "ValidationException",
                "Request is invalid. Stream orders under account " + ACCOUNT + " is in On-Demand mode.");
    }

    @Test
    void an_empty_list_is_shown_by_the_number_of_its_members() {
        refused(
                "PutRecords",
                "'StreamName':'orders','Records':[]",
                "ValidationException",
                "1 validation error detected: Value '[0 members]' at 'records' failed to satisfy constraint: Member"
                        + " must have length greater than or equal to 1");
        refused(
                "RemoveTagsFromStream",
                "'StreamName':'orders','TagKeys':[]",
                "ValidationException",
                "1 validation error detected: Value '[0 members]' at 'tagKeys' failed to satisfy constraint: Member"
                        + " must have length greater than or equal to 1");
    }

    @Test
    void ListStreams_pages_by_NextToken() {
        endpoint.streams.createStream("shipments", 1);
        JsonNode first = answer("ListStreams", "'Limit':1");

        JsonNode second =
                answer("ListStreams", "'NextToken':'" + first.get("NextToken").stringValue() + "'");

        assertThat(first.get("StreamNames").get(0).stringValue()).isEqualTo("orders");
        assertThat(second.get("StreamNames").get(0).stringValue()).isEqualTo("shipments");
        assertThat(second.has("NextToken")).isFalse();
    }
}
