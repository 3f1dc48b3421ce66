package io.shardmill.destinations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

class AwsDestinationsTest {

    private final AwsDestinations destinations = new AwsDestinations(Batches.settings());

    @AfterEach
    void close() {
        destinations.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:sqs:eu-west-1:123456789012:discarded",
                "arn:aws:sns:eu-west-1:123456789012:discarded",
                "arn:aws:s3:::my.bucket-1",
                "arn:aws-cn:sqs:cn-north-1:123456789012:discarded",
                "arn:aws-us-gov:s3:::my-bucket",
            })
    void an_arn_is_one_destination_however_often_it_is_asked_for(String arn) {
        OnFailureDestination found = destinations.find(arn).orElseThrow();
        assertThat(destinations.find(arn)).containsSame(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "file:./data/discarded.jsonl", "auditing", "kafka://orders"})
    void what_is_no_arn_is_left_to_others(String name) {
        assertThat(destinations.find(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arn:aws:sqs:eu-west-1:123456789012 | arn:aws:sqs:<region>:<account>:<queue> or arn:aws:sns:<region>:<account>:<topic> or arn:aws:s3:::<bucket>",
                "arn:aws:lambda:eu-west-1:123456789012:function:fn | arn:aws:sqs:<region>:<account>:<queue> or arn:aws:sns:<region>:<account>:<topic> or arn:aws:s3:::<bucket>",
                "arn:gcp:sqs:eu-west-1:123456789012:discarded | arn:aws:sqs:<region>:<account>:<queue> or arn:aws:sns:<region>:<account>:<topic> or arn:aws:s3:::<bucket>",
                "arn:aws:sqs:eu-west-1:12345:discarded | arn:aws:sqs:<region>:<account>:<queue>",
                "arn:aws:sqs::123456789012:discarded | arn:aws:sqs:<region>:<account>:<queue>",
                "arn:aws:sns:eu-west-1:123456789012:discarded:2a1e6f3b | arn:aws:sns:<region>:<account>:<topic>",
                "arn:aws:s3:::bucket/folder | arn:aws:s3:::<bucket>",
                "arn:aws:s3:eu-west-1:123456789012:bucket | arn:aws:s3:::<bucket>",
            })
    void any_other_arn_is_an_error_that_says_how_one_looks(String arn, String form) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> destinations.find(arn))
                .withMessage("an ARN here must have the form " + form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:sqs:eu-west-1:123456789012:discarded.fifo",
                "arn:aws:sns:eu-west-1:123456789012:discarded.fifo"
            })
    void a_fifo_queue_or_topic_is_an_error_as_in_lambda(String arn) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> destinations.find(arn))
                .withMessageStartingWith("FIFO queues and topics take no discarded batches, as in Lambda");
    }

    @Test
    void without_a_region_a_bucket_is_an_error_and_a_queue_is_none() {
        AwsRegionProvider none = () -> {
            throw SdkClientException.create("Unable to load region");
        };
        try (AwsDestinations regionless =
                new AwsDestinations(AwsSettings.defaults().with(none))) {
            assertThat(regionless.find("arn:aws:sqs:eu-west-1:123456789012:discarded"))
                    .isPresent();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> regionless.find("arn:aws:s3:::bucket"))
                    .withMessageContainingAll("names no region", "shardmill.aws.region", "AWS_REGION");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4566", "localhost", "ftp://localhost", "http:///"})
    void an_endpoint_that_is_no_http_uri_is_an_error(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AwsSettings.defaults().with(DestinationService.S3, URI.create(endpoint)))
                .withMessage("endpoint: '" + endpoint + "' must be a URI such as http://localhost:4566");
    }

    @Test
    void without_credentials_a_batch_is_refused_when_it_is_sent_and_the_error_names_the_destination() {
        AwsCredentialsProvider none = () -> {
            throw SdkClientException.create("Unable to load credentials");
        };
        String arn = "arn:aws:sns:eu-west-1:123456789012:discarded";
        DiscardedBatch batch = Batches.ofOne();
        try (SnsStandIn sns = new SnsStandIn();
                AwsDestinations anonymous =
                        new AwsDestinations(Batches.settings().with(none).with(DestinationService.SNS, sns.uri()))) {
            OnFailureDestination topic = anonymous.find(arn).orElseThrow();
            assertThatThrownBy(() -> topic.send(batch))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(arn + ": Unable to load credentials");
            assertThat(sns.requests()).isZero();
        }
    }
}
