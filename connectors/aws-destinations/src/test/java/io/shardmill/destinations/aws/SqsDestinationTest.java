package io.shardmill.destinations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.destination.OnFailureDestination;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, case 74, with ElasticMQ. */
class SqsDestinationTest {

    private static final ElasticMq SQS = new ElasticMq();

    private final AwsDestinations destinations =
            new AwsDestinations(Batches.settings().with(DestinationService.SQS, SQS.uri()));

    @AfterEach
    void close() {
        destinations.close();
    }

    @AfterAll
    static void stop() {
        SQS.close();
    }

    private OnFailureDestination queue(String name) {
        return destinations
                .find("arn:aws:sqs:" + Batches.REGION + ":" + Batches.ACCOUNT + ":" + name)
                .orElseThrow();
    }

    @Test
    void case_74_a_queue_gets_the_document_byte_for_byte_as_a_messages_body() throws Exception {
        SQS.create("discarded");
        queue("discarded").send(Batches.ofOne());
        assertThat(SQS.take("discarded")).containsExactly(Batches.DOCUMENT);
    }

    @Test
    void a_queue_that_is_not_there_refuses_and_takes_batches_when_it_is_created() throws Exception {
        OnFailureDestination late = queue("late");
        assertThatThrownBy(() -> late.send(Batches.ofOne()))
                .hasMessageStartingWith("arn:aws:sqs:eu-west-1:123456789012:late: ")
                .hasMessageContaining("does not exist");

        SQS.create("late");
        late.send(Batches.ofOne());
        assertThat(SQS.take("late")).containsExactly(Batches.DOCUMENT);
    }

    @Test
    void a_queue_that_is_deleted_refuses_and_is_looked_up_anew_when_it_is_created_again() throws Exception {
        SQS.create("again");
        OnFailureDestination again = queue("again");
        again.send(Batches.ofOne());
        SQS.delete("again");
        assertThatThrownBy(() -> again.send(Batches.ofOne())).hasMessageContaining("does not exist");

        SQS.create("again");
        again.send(Batches.ofOne());
        assertThat(SQS.take("again")).containsExactly(Batches.DOCUMENT);
    }
}
