package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Result;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.InvocableFunction.Reporting;
import io.shardmill.runtime.UnusableFunctionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** AWS Lambda's handler types as beans. */
class LambdaHandlersTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    /** What a handler of the configuration below was given. */
    private static final List<String> GIVEN = new CopyOnWriteArrayList<>();

    private static void given(KinesisEvent event) {
        event.getRecords()
                .forEach(record -> GIVEN.add(StandardCharsets.UTF_8
                        .decode(record.getKinesis().getData())
                        .toString()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {

        @Bean
        RequestHandler<KinesisEvent, Void> handler() {
            return (event, context) -> {
                given(event);
                return null;
            };
        }

        @Bean
        RequestHandler<Map<String, Object>, String> maps() {
            return (event, context) -> {
                GIVEN.add(event.keySet() + context.getFunctionName());
                return "";
            };
        }

        @Bean
        RequestStreamHandler stream() {
            return (input, output, context) ->
                    GIVEN.add(new String(input.readAllBytes(), StandardCharsets.UTF_8).substring(0, 24));
        }

        @Bean
        Function<KinesisEvent, StreamsEventResponse> function() {
            return event -> {
                given(event);
                return new StreamsEventResponse();
            };
        }

        @Bean
        Consumer<KinesisEvent> consumer() {
            return LambdaHandlersTest::given;
        }

        @Bean
        StoreOrders storeOrders() {
            return new StoreOrders();
        }

        @Bean
        RequestHandler<?, ?> proxied() {
            ProxyFactory factory = new ProxyFactory(new StoreOrders());
            factory.setInterfaces(RequestHandler.class);
            return (RequestHandler<?, ?>) factory.getProxy();
        }

        @Bean
        RequestHandler<?, ?> untyped() {
            return (Object event, Context context) -> null;
        }

        @Bean
        Function<KinesisEvent, Result> mixed() {
            return event -> Result.success();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"handler", "function", "consumer", "maps", "stream"})
    void a_bean_of_lambdas_types_is_a_mappings_function(String name) {
        GIVEN.clear();
        Apps.in(folder)
                .withUserConfiguration(Handlers.class)
                .withPropertyValues(
                        "shardmill.streams.orders.shards=1", "shardmill.mappings." + name + ".stream=orders")
                .run(context -> {
                    context.getBean(StreamWriter.class).putAll("orders", List.of(PutEntry.of("alice", "tea")));
                    assertThat(context.getBean(Mappings.class).awaitDrained(LONG))
                            .isTrue();
                });

        String expected = switch (name) {
            case "maps" -> "[Records]maps";
            case "stream" -> "{\"Records\":[{\"kinesis\":{";
            default -> "tea";
        };
        assertThat(GIVEN).containsExactly(expected);
    }

    @Test
    void what_a_beans_declared_types_say_of_reports_is_known() {
        Apps.in(folder).withUserConfiguration(Handlers.class).run(context -> {
            FunctionCatalog functions = context.getBean(FunctionCatalog.class);
            Map<String, Reporting> expected = Map.of(
                    "handler", Reporting.NEVER,
                    "maps", Reporting.PERHAPS,
                    "stream", Reporting.PERHAPS,
                    "function", Reporting.BY_SEQUENCE_NUMBER,
                    "consumer", Reporting.NEVER,
                    "storeOrders", Reporting.BY_SEQUENCE_NUMBER,
                    "proxied", Reporting.BY_SEQUENCE_NUMBER);
            expected.forEach((name, reporting) -> {
                assertThat(functions.find(name).reporting()).as(name).isEqualTo(reporting);
                assertThat(functions.find(name).reportsItemFailures()).as(name).isFalse();
            });
        });
    }

    @Test
    void a_handler_whose_types_nobody_tells_is_an_error_that_says_how_to() {
        Apps.in(folder)
                .withUserConfiguration(Handlers.class)
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(FunctionCatalog.class).find("untyped"))
                        .isInstanceOf(UnusableFunctionException.class)
                        .hasMessageContainingAll(
                                "Function 'untyped'",
                                "concrete type parameters",
                                "@Bean RequestHandler<KinesisEvent, StreamsEventResponse> untyped()"));
    }

    @Test
    void an_event_in_and_a_result_out_is_no_shape() {
        Apps.in(folder)
                .withUserConfiguration(Handlers.class)
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(FunctionCatalog.class).find("mixed"))
                        .isInstanceOf(UnusableFunctionException.class)
                        .hasMessageContainingAll("Function 'mixed' is a Function<", "StreamsEventResponse>"));
    }

    @Test
    void an_unknown_name_is_an_error_that_names_the_handlers_too() {
        Apps.in(folder)
                .withUserConfiguration(Handlers.class)
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(FunctionCatalog.class).find("nobody"))
                        .isInstanceOf(UnusableFunctionException.class)
                        .hasMessageContainingAll(
                                "There is no function 'nobody'",
                                "consumer",
                                "stream",
                                "storeOrders",
                                "RequestHandler"));
    }

    @Test
    void without_lambdas_types_on_the_class_path_everything_else_works() {
        Apps.in(folder)
                .withClassLoader(new FilteredClassLoader("com.amazonaws", "io.shardmill.lambda"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(HandlerBeans.class);
                    assertThatThrownBy(
                                    () -> context.getBean(FunctionCatalog.class).find("nobody"))
                            .isInstanceOf(UnusableFunctionException.class)
                            .hasMessageContaining("With shardmill-lambda-runtime on the class path");
                });
    }

    /** The configuration that the guide shows for the handler. */
    private static PropertySource<?> yaml(String guide) {
        String section = guide.substring(guide.indexOf("## In an application"));
        int begin = section.indexOf("```yaml") + "```yaml".length();
        String yaml = section.substring(begin, section.indexOf("```", begin));
        try {
            return new YamlPropertySourceLoader()
                    .load("guide", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class GuideApplication {
        @Bean
        StoreOrders storeOrders() {
            return new StoreOrders();
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void the_guides_handler_and_configuration_work(CapturedOutput output) throws Exception {
        String guide = Files.readString(Path.of("../docs/guide/lambda-handlers.md"));
        Path failed = folder.resolve("failed-orders.jsonl");
        Apps.in(folder)
                .withUserConfiguration(GuideApplication.class)
                .withInitializer(
                        context -> context.getEnvironment().getPropertySources().addLast(yaml(guide)))
                .withPropertyValues("shardmill.mappings.storeOrders.on-failure=file:" + failed)
                .run(context -> {
                    StreamWriter writer = context.getBean(StreamWriter.class);
                    writer.put("orders", PutEntry.of("alice", "tea"));
                    writer.put("orders", PutEntry.of("alice", " "));
                    assertThat(context.getBean(Mappings.class).awaitDrained(LONG))
                            .isTrue();
                });
        assertThat(output).contains("alice ordered tea");
        assertThat(failed).content().contains("RetryAttemptsExhausted", "\"batchSize\":1");
    }
}
