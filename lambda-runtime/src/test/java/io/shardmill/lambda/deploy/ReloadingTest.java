package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReloadingTest {

    @Test
    void an_error_does_not_end_the_checks_for_changed_code() throws Exception {
        CountDownLatch checks = new CountDownLatch(2);
        try (Reloading reloading = new Reloading()) {
            reloading.start(() -> {
                checks.countDown();
                throw new OutOfMemoryError("a test");
            });
            assertThat(checks.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
