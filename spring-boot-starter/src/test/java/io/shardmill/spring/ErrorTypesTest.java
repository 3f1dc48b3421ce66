package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.LambdaFunctionException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ErrorTypesTest {

    private final ErrorTypes types = new ErrorTypes();

    /** Of a function in a process that answers with an error of this type. */
    private String of(String type) {
        String error = JsonMapper.shared().writeValueAsString(Map.of("errorType", type, "errorMessage", "of alice"));
        return types.of(new LambdaFunctionException(error.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void an_exception_of_this_jvm_is_its_class() {
        assertThat(types.of(new IllegalStateException("x"))).isEqualTo("IllegalStateException");
    }

    @Test
    void an_error_of_a_process_is_the_type_that_the_function_gave_without_its_package() {
        assertThat(of("ValueError")).isEqualTo("ValueError");
        assertThat(of("com.acme.orders.BadOrder")).isEqualTo("BadOrder");
        assertThat(of("Runtime.ExitError")).isEqualTo("Runtime.ExitError");
        assertThat(of("gaierror")).isEqualTo("gaierror");
    }

    @Test
    void an_error_of_a_process_without_a_type_is_the_exception_that_stands_for_it() {
        assertThat(of("")).isEqualTo("LambdaFunctionException");
        assertThat(of("alice@example.org has no order")).isEqualTo("LambdaFunctionException");
    }

    @Test
    void what_is_no_short_name_is_other() {
        assertThat(of("E".repeat(65))).isEqualTo("other");
        assertThat(types.of(new Exception("anonymous") {
                    private static final long serialVersionUID = 1;
                }))
                .isEqualTo("other");
    }

    @Test
    void a_function_that_makes_up_types_does_not_make_a_metric_of_each() {
        for (int count = 0; count < 100; count++) {
            assertThat(of("Error" + count)).isEqualTo("Error" + count);
        }
        assertThat(of("Error100")).isEqualTo("other");
        assertThat(of("Error7")).isEqualTo("Error7");
    }
}
