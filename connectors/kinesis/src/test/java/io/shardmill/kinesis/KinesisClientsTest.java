package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

class KinesisClientsTest {

    @Test
    void without_a_region_the_error_says_where_to_set_one() {
        try (KinesisClients clients = new KinesisClients(() -> {
            throw SdkClientException.create("Unable to load region from any of the providers in the chain");
        })) {
            assertThatThrownBy(() -> clients.requests(KinesisLocation.aws()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Kinesis needs a region; set the stream's region, shardmill.aws.region or AWS_REGION");
        }
    }

    @Test
    void the_same_place_has_one_client() {
        try (KinesisClients clients = new KinesisClients(() -> Region.US_EAST_1)) {
            assertThat(clients.requests(KinesisLocation.aws()))
                    .isSameAs(clients.requests(KinesisLocation.aws()))
                    .isNotSameAs(clients.requests(KinesisLocation.aws().in(Region.EU_WEST_1)));
        }
    }
}
