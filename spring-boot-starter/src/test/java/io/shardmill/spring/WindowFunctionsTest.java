package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.function.StreamWriter;
import io.shardmill.function.TimeWindow;
import io.shardmill.function.WindowResult;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.UnusableFunctionException;
import io.shardmill.runtime.Window;
import io.shardmill.spring.test.ShardmillTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ShardmillTest(
        classes = WindowFunctionsTest.Application.class,
        properties = {
            "shardmill.streams.orders.shards=1",
            "shardmill.mappings.revenue.stream=orders",
            "shardmill.mappings.revenue.tumbling-window=1s"
        })
class WindowFunctionsTest {

    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");

    record Revenue(int orders, long cents) {

        Revenue plus(Record order) {
            return new Revenue(orders + 1, cents + Long.parseLong(order.text()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        /** Adds up what was ordered in each window, whatever the batches. */
        @Bean
        Function<TimeWindow<Revenue>, WindowResult<Revenue>> revenue(List<Revenue> totals) {
            return window -> {
                Revenue revenue = window.stateOr(new Revenue(0, 0));
                for (Record order : window.records()) {
                    revenue = revenue.plus(order);
                }
                if (window.isFinal()) {
                    totals.add(revenue);
                }
                return WindowResult.of(revenue);
            };
        }

        @Bean
        CopyOnWriteArrayList<Revenue> totals() {
            return new CopyOnWriteArrayList<>();
        }

        /** Fails on an order of 13 cents. */
        @Bean
        Function<TimeWindow<Revenue>, WindowResult<Revenue>> picky() {
            return window -> {
                Revenue revenue = window.stateOr(new Revenue(0, 0));
                for (Record order : window.records()) {
                    if (order.text().equals("13")) {
                        return WindowResult.failedFrom(revenue, order);
                    }
                    revenue = revenue.plus(order);
                }
                return WindowResult.of(revenue);
            };
        }

        @Bean
        Function<TimeWindow<Long>, WindowResult<Long>> counts() {
            return window -> WindowResult.of(1L);
        }

        @Bean
        Function<TimeWindow<Revenue>, WindowResult<String>> confused() {
            return window -> WindowResult.of("");
        }

        @Bean
        Function<TimeWindow<Revenue>, Revenue> bare() {
            return window -> new Revenue(0, 0);
        }
    }

    @Autowired
    private StreamWriter writer;

    @Test
    void a_bean_adds_up_each_window_with_a_state_of_its_own_type(@Autowired CopyOnWriteArrayList<Revenue> totals) {
        for (int cents = 1; cents <= 100; cents++) {
            writer.put("orders", PutEntry.of("key", String.valueOf(cents)));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> totals.stream().mapToInt(Revenue::orders).sum() >= 100);
        assertThat(totals.stream().mapToInt(Revenue::orders).sum()).isEqualTo(100);
        assertThat(totals.stream().mapToLong(Revenue::cents).sum()).isEqualTo(5_050);
    }

    @Test
    void the_state_is_the_json_of_its_type_and_null_if_there_is_none_yet(@Autowired FunctionCatalog catalog)
            throws Exception {
        InvocableFunction picky = catalog.find("picky");
        Answer first = picky.invoke(invocation("{}", "1", "2"));
        Answer second = picky.invoke(invocation(first.state(), "3", "13", "4"));

        assertThat(first).isEqualTo(new Answer(Result.success(), "{\"orders\":2,\"cents\":3}"));
        assertThat(second).isEqualTo(new Answer(Result.failedFrom(record(1, "13")), "{\"orders\":3,\"cents\":6}"));
        assertThat(picky.reportsItemFailures()).isTrue();
        assertThat(picky.windows()).isEqualTo(InvocableFunction.Windows.ALWAYS);
    }

    @Test
    void a_state_that_can_not_be_read_fails_without_showing_it(@Autowired FunctionCatalog catalog) {
        assertThatThrownBy(() -> catalog.find("picky").invoke(invocation("{\"orders\":\"secret\"}", "1")))
                .hasMessageContaining("state can't be read as")
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    private static Invocation invocation(String state, String... texts) {
        List<Record> records = new ArrayList<>();
        for (String text : texts) {
            records.add(record(records.size(), text));
        }
        return new Invocation(
                new Invocation.Origin("picky", SHARD, 0, 1),
                new Invocation.Attempt("request-1", 1),
                records,
                new Window(Instant.EPOCH, Instant.EPOCH.plusSeconds(1), state, false, false),
                Payload.of(new byte[0]));
    }

    private static Record record(int number, String text) {
        return Record.of(SHARD, SequenceNumber.of(number), "key", text, Instant.EPOCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"confused", "bare"})
    void a_function_over_windows_returns_the_same_state_in_a_result(String name, @Autowired FunctionCatalog catalog) {
        assertThatThrownBy(() -> catalog.find(name))
                .isInstanceOf(UnusableFunctionException.class)
                .hasMessageContaining("Function '" + name + "' is a ")
                .hasMessageContaining("Function<TimeWindow<State>, WindowResult<State>>");
    }

    @Test
    void a_state_that_is_no_json_object_is_an_error_at_start(@Autowired FunctionCatalog catalog) {
        assertThatThrownBy(() -> catalog.find("counts"))
                .isInstanceOf(UnusableFunctionException.class)
                .hasMessageContaining("a window's state is a JSON object")
                .hasMessageContaining("java.lang.Long");
    }
}
