package io.shardmill.runtime.arn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsScopeTest {

    private static final AwsScope FRANKFURT = new AwsScope("eu-central-1", "123456789012");

    @Test
    void ARNs_name_the_region_and_the_account() {
        assertThat(FRANKFURT.streamArn("orders")).isEqualTo("arn:aws:kinesis:eu-central-1:123456789012:stream/orders");
        assertThat(FRANKFURT.functionArn("f:prod"))
                .isEqualTo("arn:aws:lambda:eu-central-1:123456789012:function:f:prod");
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:kinesis:eu-central-1:123456789012:stream/orders, true",
        "arn:aws:lambda:eu-central-1:123456789012:function:f:prod, true",
        "arn:aws:kinesis:eu-central-2:123456789012:stream/orders, false",
        "arn:aws:kinesis:eu-central-1:123456789013:stream/orders, false",
    })
    void a_resource_is_in_one_region_of_one_account(String arn, boolean isHere) {
        assertThat(FRANKFURT.contains(Arn.parse(arn))).isEqualTo(isHere);
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1"})
    void a_region_has_the_form_that_AWSs_have(String region) {
        assertThat(new AwsScope(region, "123456789012").region()).isEqualTo(region);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "local", "us-east", "US-EAST-1", "us-east-1:"})
    void a_region_of_another_form_is_refused(String region) {
        assertThatThrownBy(() -> new AwsScope(region, "123456789012"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("region: '" + region + "' must have the form of AWS's regions, such as eu-central-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "12345678901", "1234567890123", "12345678901a"})
    void an_account_has_12_digits(String accountId) {
        assertThatThrownBy(() -> new AwsScope("us-east-1", accountId))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("account-id: '" + accountId + "' must have 12 digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "arn:aws:kinesis:us-east-1", "urn:aws:kinesis:us-east-1:1:stream/orders"})
    void what_is_no_ARN_is_not_taken_for_one(String text) {
        assertThat(Arn.parse(text)).isNull();
    }
}
