package io.shardmill.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.control.Mappings;
import io.shardmill.spring.test.ShardmillTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ShardmillTest
@ExtendWith(OutputCaptureExtension.class)
class OrdersApplicationTest {

    @Autowired
    private Mappings mappings;

    @Test
    void orders_are_printed_in_order_for_each_customer(CapturedOutput output) {
        assertThat(mappings.awaitDrained(Duration.ofSeconds(30))).isTrue();
        assertThat(output)
                .contains("bob ordered coffee")
                .containsSubsequence("alice ordered tea", "alice ordered cake");
    }
}
