package io.shardmill.destinations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.Events;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spec chapter 14, case 76: objects that every S3 service stores, read back by S3's client. */
abstract class S3DestinationContract {

    private static final String UUID_FORM = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

    private AwsClients clients;
    private AwsDestinations destinations;

    abstract URI endpoint();

    @BeforeEach
    void open() {
        AwsSettings settings = Batches.settings().with(DestinationService.S3, endpoint());
        clients = new AwsClients(settings);
        destinations = new AwsDestinations(settings);
    }

    @AfterEach
    void close() {
        clients.close();
        destinations.close();
    }

    private S3Client s3() {
        return clients.s3(Batches.SDK_REGION);
    }

    private OnFailureDestination bucket(String name) {
        return destinations.find("arn:aws:s3:::" + name).orElseThrow();
    }

    private OnFailureDestination created(String name) {
        try {
            s3().createBucket(request -> request.bucket(name));
        } catch (BucketAlreadyOwnedByYouException created) {
            // The client has sent the request again, because the first answer was late.
        }
        return bucket(name);
    }

    private List<String> keys(String bucket) {
        return s3().listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private ResponseBytes<GetObjectResponse> onlyObject(String bucket) {
        List<String> keys = keys(bucket);
        assertThat(keys).hasSize(1);
        return s3().getObjectAsBytes(request -> request.bucket(bucket).key(keys.get(0)));
    }

    @Test
    void case_76_the_key_names_mapping_and_shard_and_the_documents_time_without_milliseconds() throws Exception {
        OnFailureDestination bucket = created("keys");
        bucket.send(Batches.ofOne());
        bucket.send(Batches.ofOne());

        String form = "aws/lambda/" + EventSourceMapping.uuidOf("orders-mapping")
                + "/shardId-000000000000/2026/09/19/2026-09-19T09\\.11\\.52-" + UUID_FORM;
        assertThat(keys("keys")).hasSize(2).doesNotHaveDuplicates().allMatch(key -> key.matches(form));
    }

    @Test
    void the_key_of_a_kafka_batch_names_its_partition_and_the_event_leaves_out_what_the_record_has_not()
            throws Exception {
        DiscardedBatch batch = Batches.ofTombstone();
        created("partitions").send(batch);

        assertThat(keys("partitions").get(0)).contains("/orders-3/2026/09/19/2026-09-19T09.11.52-");
        JsonNode document =
                JsonMapper.shared().readTree(onlyObject("partitions").asUtf8String());
        assertThat(document.at("/KafkaBatchInfo/recordsInfo/orders-3/firstRecordOffset")
                        .stringValue())
                .isEqualTo("15");
        assertThat(document.get("payload").stringValue())
                .isEqualTo(Events.json(batch.origin().format(), batch.records()))
                .contains("\"key\":\"AQ==\",\"headers\":[]}]");
    }

    @Test
    void case_76_the_object_is_the_document_byte_for_byte_with_the_event_as_a_string() throws Exception {
        DiscardedBatch batch = Batches.ofOne();
        created("documents").send(batch);

        ResponseBytes<GetObjectResponse> object = onlyObject("documents");
        String event = Events.json(batch.origin().format(), batch.records());
        assertThat(object.response().contentType()).isEqualTo("application/octet-stream");
        assertThat(object.asUtf8String())
                .isEqualTo(Batches.DOCUMENT.replace(
                        "\"timestamp\"", "\"payload\":\"" + event.replace("\"", "\\\"") + "\",\"timestamp\""));
        JsonNode payload = JsonMapper.shared().readTree(object.asUtf8String()).get("payload");
        assertThat(JsonMapper.shared()
                        .readTree(payload.stringValue())
                        .at("/Records/0/kinesis/data")
                        .stringValue())
                .isEqualTo("dGVh");
    }

    @Test
    void case_76_the_largest_event_with_any_text_in_it_arrives_unchanged() throws Exception {
        byte[] data = new byte[6 << 20];
        new Random(76).nextBytes(data);
        Record record = Batches.record("Zoë \"\\ 🦊\n", data);
        created("large").send(Batches.of(record));

        JsonNode document = JsonMapper.shared().readTree(onlyObject("large").asUtf8String());
        JsonNode kinesis = JsonMapper.shared()
                .readTree(document.get("payload").stringValue())
                .at("/Records/0/kinesis");
        assertThat(kinesis.get("partitionKey").stringValue()).isEqualTo("Zoë \"\\ 🦊\n");
        assertThat(kinesis.get("data").binaryValue()).isEqualTo(data);
    }

    @Test
    void a_bucket_that_is_not_there_refuses() {
        OnFailureDestination missing = bucket("missing");
        assertThatThrownBy(() -> missing.send(Batches.ofOne()))
                .hasMessageStartingWith("arn:aws:s3:::missing: The specified bucket does not exist");
    }
}
