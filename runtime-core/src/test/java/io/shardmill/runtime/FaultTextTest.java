package io.shardmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultTextTest {

    private static StackTraceElement frame(String type) {
        return new StackTraceElement(type, "call", type.substring(type.lastIndexOf('.') + 1) + ".java", 7);
    }

    private static Throwable thrown(String... types) {
        Throwable thrown = new IllegalStateException("secret");
        StackTraceElement[] stack = new StackTraceElement[types.length];
        for (int index = 0; index < types.length; index++) {
            stack[index] = frame(types[index]);
        }
        thrown.setStackTrace(stack);
        return thrown;
    }

    private static String describe(String... types) {
        return FaultText.WITHOUT_PAYLOADS.describe(thrown(types));
    }

    @Test
    void the_line_is_the_functions_own_and_not_the_librarys_it_calls() {
        assertThat(describe(
                        "java.lang.Integer",
                        "org.library.Parser",
                        "com.acme.orders.Amounts",
                        "com.acme.orders.Orders",
                        "org.springframework.cloud.function.Wrapper",
                        "io.shardmill.spring.RecordsFunction",
                        "io.shardmill.runtime.WatchedFunction",
                        "com.acme.tracing.Interceptor",
                        "java.lang.Thread"))
                .isEqualTo("java.lang.IllegalStateException at com.acme.orders.Amounts.call(Amounts.java:7)");
    }

    @Test
    void a_call_that_waits_in_the_jdk_is_in_the_functions_own_line() {
        StackTraceElement line = FaultText.userLine(thrown(
                        "java.lang.Thread",
                        "java.util.concurrent.TimeUnit",
                        "com.acme.Orders",
                        "io.shardmill.spring.RecordsFunction",
                        "io.shardmill.runtime.WatchedFunction",
                        "java.lang.Thread")
                .getStackTrace());
        assertThat(line).hasToString("com.acme.Orders.call(Orders.java:7)");
        assertThat(FaultText.userLine(new StackTraceElement[0])).isNull();
    }

    @Test
    void frames_of_the_application_are_shown_without_their_class_loader() {
        StackTraceElement frame =
                new StackTraceElement("app", null, null, "com.acme.Orders", "store", "Orders.java", 7);
        assertThat(FaultText.userLine(new StackTraceElement[] {frame}))
                .hasToString("com.acme.Orders.store(Orders.java:7)");
    }

    @Test
    void the_stack_ends_at_the_function() {
        assertThat(FaultText.lines(thrown(
                        "java.lang.Integer",
                        "com.acme.Orders",
                        "java.lang.reflect.Method",
                        "io.shardmill.spring.RecordsFunction",
                        "io.shardmill.runtime.WatchedFunction",
                        "java.lang.Thread")))
                .isEqualTo("\n\tat java.lang.Integer.call(Integer.java:7)\n\tat com.acme.Orders.call(Orders.java:7)");
    }

    @Test
    void an_exception_without_a_stack_is_its_class() {
        assertThat(describe()).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void causes_in_a_circle_come_to_an_end() {
        Throwable first = thrown("com.acme.Orders");
        first.initCause(new IllegalArgumentException(first));

        assertThat(FaultText.WITHOUT_PAYLOADS.describe(first)).startsWith("java.lang.IllegalStateException at");
    }
}
