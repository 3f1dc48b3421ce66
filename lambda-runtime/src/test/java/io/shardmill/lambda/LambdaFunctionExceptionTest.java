package io.shardmill.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LambdaFunctionExceptionTest {

    private static LambdaFunctionException of(String json) {
        return new LambdaFunctionException(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_functions_error_is_described_by_its_type_and_its_own_line_and_by_its_message_only_if_payloads_are_shown() {
        LambdaFunctionException thrown =
                of("{\"errorMessage\":\"alice\",\"errorType\":\"java.lang.IllegalStateException\","
                        + "\"stackTrace\":[\"java.base/java.lang.Integer.parseInt(Integer.java:600)\","
                        + "\"com.acme.Handler.handle(Handler.java:12)\"]}");

        assertThat(thrown.describe(false))
                .isEqualTo("java.lang.IllegalStateException at com.acme.Handler.handle(Handler.java:12)");
        assertThat(thrown.describe(true)).isEqualTo("java.lang.IllegalStateException: alice");
    }

    @Test
    void what_the_platform_says_is_shown() {
        assertThat(of("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"Task timed out after 3.00 seconds\"}")
                        .describe(false))
                .isEqualTo("Sandbox.Timedout: Task timed out after 3.00 seconds");
    }

    @Test
    void what_is_no_name_of_a_type_or_no_line_of_code_is_not_shown() {
        assertThat(of("{\"errorType\":\"alice called\",\"stackTrace\":[\"alice (at home)\"]}")
                        .describe(false))
                .isEqualTo("an error without a type");
        assertThat(of("alice").describe(false)).isEqualTo("an error of 5 bytes that is not JSON");
    }
}
