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
    void a_line_of_python_is_the_last_one_that_is_not_in_a_library() {
        assertThat(of("{\"errorMessage\":\"alice\",\"errorType\":\"KeyError\",\"stackTrace\":["
                                + "\"  File \\\"/code/app.py\\\", line 3, in handler\\n    store(alice)\\n\","
                                + "\"  File \\\"/code/store.py\\\", line 9, in store\\n    json.loads(alice)\\n\","
                                + "\"  File \\\"/usr/lib/python3.12/json/decoder.py\\\", line 337, in decode\\n    alice\\n\"]}")
                        .describe(false))
                .isEqualTo("KeyError at store(store.py:9)");
    }

    @Test
    void a_line_of_javascript_is_the_first_one_that_is_not_in_a_library() {
        assertThat(of("{\"errorMessage\":\"alice\",\"errorType\":\"TypeError\",\"trace\":[\"TypeError: alice\","
                                + "\"    at parse (/code/node_modules/orders/index.js:1:9)\","
                                + "\"    at async store (file:///code/store.mjs:7:11)\","
                                + "\"    at Runtime.handler (file:///code/index.mjs:3:9)\"]}")
                        .describe(false))
                .isEqualTo("TypeError at store(store.mjs:7)");
        assertThat(
                        of("{\"errorMessage\":\"alice\\n    at bob (/a/b.js:1:1)\",\"errorType\":\"Error\",\"trace\":[\"Error: alice\","
                                        + "\"    at bob (/a/b.js:1:1)\",\"    at async file:///code/index.mjs:3:9\"]}")
                                .describe(false))
                .isEqualTo("Error at (index.mjs:3)");
    }

    @Test
    void what_the_platform_says_is_shown() {
        assertThat(of("{\"errorType\":\"Runtime.ImportModuleError\",\"errorMessage\":\"No module named 'boto3'\"}")
                        .describe(false))
                .isEqualTo("Runtime.ImportModuleError: No module named 'boto3'");
        assertThat(
                        of("{\"errorType\":\"Runtime.ImportModuleError\",\"errorMessage\":\"No module\\nRequire stack:\\n- a\"}")
                                .describe(false))
                .isEqualTo("Runtime.ImportModuleError: No module Require stack: - a");
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
