package io.shardmill.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FunctionConfigurationTest {

    private static final FunctionConfiguration VALID =
            FunctionConfiguration.of("orders", LambdaRuntime.JAVA17, "com.acme.Orders::handle");

    private static FunctionConfiguration of(String name, int memory, String description) {
        return new FunctionConfiguration(
                name, description, VALID.program(), memory, FunctionSettings.defaults(), Isolation.PROCESS);
    }

    private static Program program(String handler, Map<String, String> environment) {
        return new Program(LambdaRuntime.JAVA17, handler, environment);
    }

    @Test
    void values_are_in_lambdas_ranges_and_messages_begin_with_the_property() {
        refused(() -> of("", 128, ""), "name: ''");
        refused(() -> of("a b", 128, ""), "name: 'a b' must have 1 to 64 letters");
        refused(() -> of("../up", 128, ""), "name: '../up'");
        refused(() -> of("x".repeat(65), 128, ""), "name: ");
        refused(() -> of("f", 127, ""), "memory: 127 must be between 128 and 10240 (MB)");
        refused(() -> of("f", 10_241, ""), "memory: 10241 must be between");
        refused(() -> of("f", 128, "d".repeat(257)), "description: has 257 characters");
        refused(() -> program("", Map.of()), "handler: ''");
        refused(() -> program("com.acme. Handler", Map.of()), "handler: 'com.acme. Handler'");
        refused(() -> program("h".repeat(129), Map.of()), "handler: ");
        refused(() -> LambdaRuntime.of("ruby3.4"), "runtime: 'ruby3.4' must be one of [java17, java21, java25,");

        assertThat(of("A-b_9".repeat(12), 10_240, "d".repeat(256)).memoryMegabytes())
                .isEqualTo(10_240);
    }

    @Test
    void variables_have_lambdas_form_and_are_not_the_platforms() {
        refused(() -> program("h", Map.of("1A", "")), "environment: '1A' must begin with a letter");
        refused(() -> program("h", Map.of("A", "")), "environment: 'A'");
        refused(() -> program("h", Map.of("_HANDLER", "")), "environment: '_HANDLER'");
        refused(() -> program("h", Map.of("A-B", "")), "environment: 'A-B'");
        for (String name : List.of("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "AWS_EXECUTION_ENV")) {
            refused(() -> program("h", Map.of(name, "x")), "environment: '" + name + "' is set by the platform");
        }
        refused(
                () -> program("h", Map.of("SECRET", "x1\0y2")),
                "environment: the value of 'SECRET' must not hold the character 0");
        refused(
                () -> program("h", Map.of("LONG", "ä".repeat(2_047))),
                "environment: its names and values have 4098 bytes");

        assertThat(program("h", Map.of("LONG", "ä".repeat(2_046))).environment())
                .hasSize(1);
        assertThat(program("h", Map.of("AWS_LAMBDA_LOG_LEVEL", "DEBUG", "AWS_LAMBDA_DOTNET_PREJIT", "Never"))
                        .environment())
                .hasSize(2);
    }

    @Test
    void a_configuration_may_set_the_region_and_the_credentials() {
        Map<String, String> variables =
                Map.of("AWS_REGION", "eu-central-1", "AWS_ACCESS_KEY_ID", "x", "AWS_SECRET_ACCESS_KEY", "y");

        assertThat(program("h", variables).environment()).isEqualTo(variables);
    }

    @Test
    void a_script_before_the_runtime_is_refused() {
        refused(
                () -> program("h", Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrapper")),
                "environment: 'AWS_LAMBDA_EXEC_WRAPPER' is not supported");
    }

    @Test
    void a_bootstrap_needs_a_process() {
        FunctionConfiguration bootstrap = FunctionConfiguration.of("f", LambdaRuntime.of("provided.al2023"), "h");
        refused(() -> bootstrap.with(Isolation.JVM), "isolation: jvm can't be with runtime provided.al2023");
    }

    @Test
    void another_user_needs_a_process() {
        FunctionConfiguration ofUser = VALID.with(new Program(LambdaRuntime.JAVA17, "h", Map.of(), "orders"));
        refused(() -> ofUser.with(Isolation.JVM), "user: 'orders'; isolation jvm can't change users");
    }

    @Test
    void what_is_written_to_a_log_has_no_variable_in_it() {
        assertThat(VALID.with(program("h", Map.of("PASSWORD", "secret"))).toString())
                .contains("PASSWORD")
                .doesNotContain("secret");
    }

    private static void refused(ThrowingCallable making, String message) {
        assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
