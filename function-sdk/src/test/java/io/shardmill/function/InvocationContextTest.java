package io.shardmill.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InvocationContextTest {

    @Test
    void outside_an_invocation_there_is_none_and_the_error_says_what_to_do() {
        assertThatThrownBy(InvocationContext::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(Thread.currentThread().getName(), "InvocationContext.call(..)");
    }

    @Test
    void is_the_current_one_of_its_thread_while_the_body_runs() throws Exception {
        Fixed context = new Fixed("a");
        assertThat(InvocationContext.call(context, InvocationContext::current)).isSameAs(context);
        assertThatThrownBy(InvocationContext::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void is_gone_after_a_body_that_throws() {
        assertThatThrownBy(() -> InvocationContext.call(new Fixed("a"), () -> {
                    throw new IOException("of the body");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(InvocationContext::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_outer_one_is_back_after_a_nested_one() throws Exception {
        Fixed outer = new Fixed("outer");
        Fixed inner = new Fixed("inner");
        InvocationContext.call(outer, () -> {
            assertThat(InvocationContext.call(inner, InvocationContext::current))
                    .isSameAs(inner);
            assertThat(InvocationContext.current()).isSameAs(outer);
            return outer;
        });
    }

    private record Fixed(String requestId) implements InvocationContext {

        @Override
        public String functionName() {
            return "f";
        }

        @Override
        public String mapping() {
            return "m";
        }

        @Override
        public Shard shard() {
            return new Shard("s", "0");
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public long fencingToken() {
            return 1;
        }

        @Override
        public Duration remainingTime() {
            return Duration.ZERO;
        }
    }
}
