package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchCommandTest {

    @Test
    void what_is_beside_the_heap_is_bounded_unless_the_function_says_how() {
        assertThat(LaunchCommand.bounds(Map.of()))
                .containsExactly("-XX:MaxDirectMemorySize=64m", "-XX:ReservedCodeCacheSize=64m");
        assertThat(LaunchCommand.bounds(Map.of("JAVA_TOOL_OPTIONS", "-Da=b -XX:MaxDirectMemorySize=100m")))
                .containsExactly("-XX:ReservedCodeCacheSize=64m");
        assertThat(LaunchCommand.bounds(Map.of("JDK_JAVA_OPTIONS", "-XX:ReservedCodeCacheSize=100m")))
                .containsExactly("-XX:MaxDirectMemorySize=64m");
    }
}
