package io.shardmill.lambda.injvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.arn.AwsScope;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Memory that runs out before a handler in this JVM has its event is not the handler's failure; after that it is. */
class FullMemoryTest {

    private static final FunctionIdentity ORDERS = FunctionIdentity.of("orders", AwsScope.DEFAULT);

    private final AtomicInteger called = new AtomicInteger();

    private record Full() implements Payload {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public void writeTo(OutputStream out) {
            throw new OutOfMemoryError("planted");
        }
    }

    /** An input that takes more memory than there is. */
    public static final class Greedy {
        public void setName(String name) {
            if (!name.isEmpty()) {
                throw new OutOfMemoryError("planted");
            }
        }
    }

    @Test
    void no_memory_for_the_event_of_a_handler_of_objects() {
        LambdaFunction function = LambdaFunction.of(
                ORDERS,
                (RequestHandler<Map<String, Object>, String>) (event, context) -> called(),
                Map.class,
                String.class);

        assertNotInvoked(function, Invocations.of(List.of(), null, new Full()));
    }

    @Test
    void no_memory_for_the_event_of_a_handler_of_streams() {
        LambdaFunction function =
                LambdaFunction.of(ORDERS, (RequestStreamHandler) (event, answer, context) -> called());

        assertNotInvoked(function, Invocations.of(List.of(), null, new Full()));
    }

    @Test
    void no_memory_for_the_objects_that_an_event_is_read_into() {
        LambdaFunction function = LambdaFunction.of(
                ORDERS, (RequestHandler<Greedy, String>) (event, context) -> called(), Greedy.class, String.class);

        assertNotInvoked(function, Invocations.ofEvent("{\"name\":\"x\"}"));
    }

    @Test
    void memory_that_the_handler_itself_has_used_up_is_its_failure() {
        LambdaFunction function = LambdaFunction.of(
                ORDERS,
                (RequestHandler<Map<String, Object>, String>) (event, context) -> {
                    throw new OutOfMemoryError("the handler's");
                },
                Map.class,
                String.class);

        assertThatThrownBy(() -> Invocations.invoke(function, "a"))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("the handler's");
    }

    private String called() {
        called.incrementAndGet();
        return "";
    }

    private void assertNotInvoked(LambdaFunction function, Invocation invocation) {
        assertThatThrownBy(() -> Invocations.invoke(function, invocation))
                .isInstanceOf(NotInvokedException.class)
                .hasMessageContaining("out of memory");
        assertThat(called).hasValue(0);
    }
}
