package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.InvocationContext;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.UnusableFunctionException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

class FunctionShapesTest {

    private static final Shard SHARD = new Shard("flights", "shardId-000000000000");

    @TempDir
    private Path folder;

    /** What functions of the configuration below were given last. */
    private static final List<Object> GIVEN = Collections.synchronizedList(new ArrayList<>());

    record Flight(String origin, int delay) {}

    /** A component is a function, too. */
    static class Component implements Function<List<Record>, Result> {
        @Override
        public Result apply(List<Record> batch) {
            GIVEN.add(batch);
            return Result.failedFrom(1);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Function<List<Record>, Result> records() {
            return batch -> {
                GIVEN.add(batch);
                return Result.success();
            };
        }

        @Bean
        Component component() {
            return new Component();
        }

        @Bean
        Function<List<Record>, Void> silent() {
            return batch -> {
                GIVEN.add(batch);
                return null;
            };
        }

        @Bean
        Consumer<List<Record>> consumer() {
            return GIVEN::add;
        }

        @Bean
        Function<List<Flight>, Result> flights() {
            return flights -> {
                GIVEN.add(flights);
                for (int index = 0; index < flights.size(); index++) {
                    if (flights.get(index).delay() < 0) {
                        return Result.failedFrom(index);
                    }
                }
                return null;
            };
        }

        @Bean
        Function<List<? extends Record>, Result> anyRecords() {
            return batch -> {
                GIVEN.add(batch);
                return Result.success();
            };
        }

        @Bean
        Consumer<List<? extends Flight>> anyFlights() {
            return GIVEN::add;
        }

        @Bean
        Consumer<List<byte[]>> bytes() {
            return batch -> {};
        }

        @Bean
        Function<List<Flight>, List<Flight>> delayed() {
            return flights ->
                    flights.stream().filter(flight -> flight.delay() > 0).toList();
        }

        @Bean
        Consumer<List<Flight>> silentFlights() {
            return GIVEN::add;
        }

        @Bean
        Function<List<Map<String, Object>>, Void> maps() {
            return maps -> {
                GIVEN.add(maps);
                return null;
            };
        }

        @Bean
        Consumer<List<String>> texts() {
            return GIVEN::add;
        }

        @Bean
        Function<List<Record>, List<String>> parse() {
            return batch -> batch.stream().map(Record::text).toList();
        }

        @Bean
        Function<List<String>, Result> store() {
            return texts -> {
                GIVEN.add(texts);
                return Result.failedFrom(0);
            };
        }

        @Bean
        Consumer<List<Record>> failing() {
            return batch -> {
                throw new IllegalStateException("on purpose");
            };
        }

        @Bean
        Consumer<List<Record>> breaking() {
            return batch -> {
                throw new StackOverflowError("on purpose");
            };
        }

        @Bean
        Supplier<List<Record>> supplier() {
            return List::of;
        }

        @Bean
        Function<Record, Result> single() {
            return record -> Result.success();
        }

        @Bean
        Function<List<Message<String>>, Result> messages() {
            return batch -> Result.success();
        }

        @Bean
        Function<Message<List<Record>>, Result> message() {
            return batch -> Result.success();
        }

        @Bean
        Function<List<Record>, String> talkative() {
            return batch -> "";
        }

        @Bean
        Consumer<List<?>> anything() {
            return batch -> {};
        }
    }

    private interface Check {
        void with(FunctionCatalog functions) throws Exception;
    }

    private void with(Check test) {
        GIVEN.clear();
        Apps.in(folder)
                .withUserConfiguration(Functions.class)
                .run(context -> test.with(context.getBean(FunctionCatalog.class)));
    }

    private static List<Record> batch(String... texts) {
        return IntStream.range(0, texts.length)
                .mapToObj(index -> Record.of(SHARD, SequenceNumber.of(index), "key", texts[index], Instant.EPOCH))
                .toList();
    }

    private static Result invoke(InvocableFunction function, List<Record> batch) throws Exception {
        Invocation invocation = new Invocation(
                new Invocation.Origin("m", SHARD, 0, 1),
                new Invocation.Attempt("request-1", 1),
                batch,
                null,
                new Unneeded());
        return InvocationContext.call(
                new Attempt(), () -> function.invoke(invocation).result());
    }

    /** Fails where somebody reads it: none of these functions needs an event. */
    private record Unneeded() implements Payload {
        @Override
        public int size() {
            throw new AssertionError("nobody here needs the event");
        }

        @Override
        public void writeTo(OutputStream out) {
            throw new AssertionError("nobody here needs the event");
        }
    }

    private record Attempt() implements InvocationContext {
        @Override
        public String requestId() {
            return "request";
        }

        @Override
        public String functionName() {
            return "function";
        }

        @Override
        public String mapping() {
            return "mapping";
        }

        @Override
        public Shard shard() {
            return SHARD;
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

    @Test
    void a_function_of_records_gets_the_very_list_and_its_result_counts() {
        with(functions -> {
            List<Record> batch = batch("a", "b");
            for (String name : List.of("records", "component", "silent", "consumer")) {
                InvocableFunction function = functions.find(name);
                boolean reports = name.equals("records") || name.equals("component");
                assertThat(function.reportsItemFailures()).as(name).isEqualTo(reports);
                Result expected = name.equals("component") ? Result.failedFrom(1) : Result.success();
                assertThat(invoke(function, batch)).as(name).isEqualTo(expected);
                assertThat(GIVEN.remove(0)).as(name).isSameAs(batch);
            }
        });
    }

    @Test
    void a_function_of_your_own_type_gets_what_the_records_json_says() {
        with(functions -> {
            List<Record> batch = batch("{\"origin\":\"SEA\",\"delay\":5}", "{\"origin\":\"LAX\",\"delay\":-1}");
            assertThat(invoke(functions.find("flights"), batch)).isEqualTo(Result.failedFrom(1));
            assertThat(invoke(functions.find("silentFlights"), batch)).isEqualTo(Result.success());
            List<Flight> flights = List.of(new Flight("SEA", 5), new Flight("LAX", -1));
            assertThat(GIVEN).containsExactly(flights, flights);
            assertThat(functions.find("flights").reportsItemFailures()).isTrue();
            assertThat(functions.find("silentFlights").reportsItemFailures()).isTrue();
        });
    }

    @Test
    void a_wildcard_is_what_it_extends() {
        with(functions -> {
            List<Record> batch = batch("{\"origin\":\"SEA\",\"delay\":5}");
            invoke(functions.find("anyRecords"), batch);
            assertThat(GIVEN.remove(0)).isSameAs(batch);
            invoke(functions.find("anyFlights"), batch);
            assertThat(GIVEN).containsExactly(List.of(new Flight("SEA", 5)));
        });
    }

    @Test
    void maps_and_texts_are_types_too() {
        with(functions -> {
            invoke(functions.find("maps"), batch("{\"origin\":\"SEA\"}"));
            invoke(functions.find("texts"), batch("{no json"));
            assertThat(GIVEN).containsExactly(List.of(Map.of("origin", "SEA")), List.of("{no json"));
        });
    }

    @Test
    void a_record_that_cant_be_read_fails_as_that_record_and_those_before_it_are_delivered() {
        with(functions -> {
            List<Record> batch =
                    batch("{\"origin\":\"SEA\",\"delay\":5}", "{\"orig", "{\"origin\":\"LAX\",\"delay\":1}");
            assertUnreadable(1, invoke(functions.find("flights"), batch));
            assertThat(GIVEN).containsExactly(List.of(new Flight("SEA", 5)));
        });
    }

    private static void assertUnreadable(int index, Result result) {
        assertThat(result).isInstanceOfSatisfying(Result.FailedIndexes.class, failed -> {
            assertThat(failed.indexes()).containsExactly(index);
            assertThat(failed.cause()).isInstanceOf(UnreadableRecordException.class);
        });
    }

    @Test
    void a_failure_that_the_function_reports_before_the_unreadable_record_wins() {
        with(functions -> {
            List<Record> batch = batch("{\"delay\":1}", "{\"delay\":-1}", "{\"delay\":1}", "null");
            assertThat(invoke(functions.find("flights"), batch)).isEqualTo(Result.failedFrom(1));
        });
    }

    @Test
    void a_batch_that_begins_with_an_unreadable_record_doesnt_reach_the_function() {
        with(functions -> {
            assertUnreadable(0, invoke(functions.find("flights"), batch("[]", "{\"delay\":1}")));
            assertThat(GIVEN).isEmpty();
        });
    }

    @Test
    void a_function_that_returns_nothing_fails_an_unreadable_record_alone_too_and_its_content_is_not_told() {
        with(functions -> {
            Result result = invoke(functions.find("silentFlights"), batch("{\"delay\":1}", "{\"delay\":\"secret\"}"));
            assertUnreadable(1, result);
            assertThat(((Result.FailedIndexes) result).cause())
                    .hasNoCause()
                    .hasMessageContainingAll(SHARD.toString(), "Flight", "line 1")
                    .hasMessageNotContaining("secret");
        });
    }

    @Test
    void a_record_that_a_compositions_first_function_cant_be_given_fails_alone() {
        with(functions -> {
            List<Record> batch = batch("{\"origin\":\"SEA\",\"delay\":5}", "{\"orig", "{\"origin\":\"LAX\"}");
            assertUnreadable(1, invoke(functions.find("delayed|silentFlights"), batch));
        });
    }

    @Test
    void a_composition_takes_what_its_first_and_gives_what_its_last_function_does() {
        with(functions -> {
            InvocableFunction composition = functions.find("parse|store");
            assertThat(composition.reportsItemFailures()).isTrue();
            assertThat(invoke(composition, batch("a", "b"))).isEqualTo(Result.failedFrom(0));
            assertThat(GIVEN).containsExactly(List.of("a", "b"));
        });
    }

    @Test
    void what_a_function_throws_arrives_as_it_is() {
        with(functions -> {
            assertThatThrownBy(() -> invoke(functions.find("failing"), batch("a")))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("on purpose");
            assertThatThrownBy(() -> invoke(functions.find("breaking"), batch("a")))
                    .isExactlyInstanceOf(StackOverflowError.class);
        });
    }

    @Test
    void an_unknown_name_is_an_error_that_names_the_known_ones() {
        with(functions -> Stream.of("nobody", "parse|nobody")
                .forEach(name -> assertThatThrownBy(() -> functions.find(name))
                        .isInstanceOf(UnusableFunctionException.class)
                        .hasMessageContainingAll(
                                "There is no function '" + name + "'",
                                "consumer",
                                "flights",
                                "Function<List<Record>, Result>")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "supplier | Supplier<",
                "single | Function<io.shardmill.function.Record, io.shardmill.function.Result>",
                "messages | Function<java.util.List<org.springframework.messaging.Message<java.lang.String>>",
                "message | Function<org.springframework.messaging.Message<",
                "talkative | Function<java.util.List<io.shardmill.function.Record>, java.lang.String>",
                "anything | Consumer<java.util.List<?>>",
                "bytes | Consumer<java.util.List<byte[]>>"
            })
    void a_function_of_another_shape_is_an_error_that_says_what_it_is_and_what_is_possible(
            String name, String signature) {
        with(functions -> assertThatThrownBy(() -> functions.find(name))
                .isInstanceOf(UnusableFunctionException.class)
                .hasMessageContainingAll("Function '" + name + "' is a " + signature, "Consumer<List<Record>>"));
    }
}
