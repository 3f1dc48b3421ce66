package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class FailureTest {

    @Test
    void without_credentials_the_reason_says_what_to_set_and_not_what_each_provider_has_said() {
        SdkClientException none =
                SdkClientException.create("Unable to load credentials from any of the providers in the"
                        + " chain AwsCredentialsProviderChain(credentialsProviders=[...]) : [...]");

        assertThat(Failure.of(none).reason())
                .isEqualTo(
                        "Unable to load credentials from any of the providers; set AWS_PROFILE, AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY, or the stream's profile");
    }

    @Test
    void the_attempts_of_the_client_which_makes_one_are_left_out() {
        SdkClientException refused = SdkClientException.builder()
                .message("Unable to execute HTTP request: Connection refused")
                .numAttempts(1)
                .build();

        assertThat(Failure.of(refused).reason()).isEqualTo("Unable to execute HTTP request: Connection refused");
    }
}
