package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.Mappings;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Functions of the properties that are deployed as on Lambda. */
class ConfiguredFunctionsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    /** Compiled into a folder of its own as if it were a project of its own. */
    public static final class Handler implements RequestHandler<Map<String, Object>, String> {
        @Override
        public String handleRequest(Map<String, Object> event, Context context) {
            context.getLogger().log("handler of " + context.getFunctionName() + " got " + event.keySet());
            return "";
        }
    }

    private static final String HANDLER = Handler.class.getName() + "::handleRequest";

    private Path code() throws IOException {
        String file = Handler.class.getName().replace('.', '/') + ".class";
        Path code = folder.resolve("code");
        Files.createDirectories(code.resolve(file).getParent());
        try (InputStream compiled = Handler.class.getClassLoader().getResourceAsStream(file)) {
            Files.write(code.resolve(file), compiled.readAllBytes());
        }
        return code;
    }

    private ApplicationContextRunner app() {
        return Apps.in(folder.resolve("data"))
                .withPropertyValues("shardmill.streams.orders.shards=1", "shardmill.mappings.orders.stream=orders");
    }

    private ApplicationContextRunner deployed() throws IOException {
        return app().withPropertyValues(
                        "shardmill.functions.orders.code=" + code(),
                        "shardmill.functions.orders.handler=" + HANDLER,
                        "shardmill.functions.orders.isolation=jvm");
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void code_and_handler_make_a_function(CapturedOutput output) throws IOException {
        deployed().run(context -> {
            context.getBean(StreamWriter.class).put("orders", PutEntry.of("alice", "tea"));
            assertThat(context.getBean(Mappings.class).awaitDrained(LONG)).isTrue();
            assertThat(output).contains("handler of orders got [Records]");
        });
    }

    @Test
    void every_property_reaches_the_function_and_names_of_variables_are_kept_as_they_are() throws IOException {
        PropertySource<?> yaml = new YamlPropertySourceLoader()
                .load("function.yml", new ByteArrayResource("""
                        shardmill.functions.orders:
                          code: %s
                          handler: %s
                          runtime: java21
                          memory: 256
                          timeout: 7s
                          reserved-concurrency: 3
                          description: counts
                          environment:
                            TABLE_NAME: delays
                            camelCase: x
                        """.formatted(code(), HANDLER)
                        .getBytes(StandardCharsets.UTF_8)))
                .get(0);
        app().withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(yaml))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    FunctionDescription function = context.getBean(DeployedFunctions.class)
                            .describe("orders")
                            .orElseThrow();
                    assertThat(function.active()).isTrue();
                    assertThat(function.configuration().program().environment())
                            .isEqualTo(Map.of("TABLE_NAME", "delays", "camelCase", "x"));
                    assertThat(function.configuration().program().runtime()).hasToString("java21");
                    assertThat(function.configuration().memoryMegabytes()).isEqualTo(256);
                    assertThat(function.configuration().description()).isEqualTo("counts");
                    assertThat(function.configuration().isolation()).isEqualTo(Isolation.PROCESS);
                    assertThat(function.configuration().settings())
                            .isEqualTo(new FunctionSettings(Duration.ofSeconds(7), 3));
                });
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void layers_are_part_of_the_function(CapturedOutput output) throws IOException {
        Path layer = Files.createDirectory(folder.resolve("layer"));
        deployed()
                .withPropertyValues("shardmill.functions.orders.layers=" + layer)
                .run(context -> {
                    assertThat(context.getBean(DeployedFunctions.class)
                                    .describe("orders")
                                    .orElseThrow()
                                    .failure())
                            .isNull();
                    assertThat(output)
                            .contains("runs the code of " + folder.resolve("code") + " with the layers [" + layer);
                });
        Path nowhere = folder.resolve("nowhere");
        deployed()
                .withPropertyValues("shardmill.functions.orders.layers=" + nowhere)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output)
                            .contains("shardmill.functions.orders.layers: " + nowhere
                                    + " does not exist; it must be a zip as for Lambda, or a folder. Batches of function"
                                    + " 'orders' wait until it changes");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layers=a,b,c,d,e,f | shardmill.functions.orders.layers: [a, b, c, d, e, f] are 6; a function has at most 5",
                "environment.SHARDMILL_LAYERS_ROOT=x | shardmill.functions.orders.environment: 'SHARDMILL_LAYERS_ROOT' is set by the platform",
                "memory=64 | shardmill.functions.orders.memory: 64 must be between 128 and 10240 (MB)",
                "runtime=ruby3.4 | shardmill.functions.orders.runtime: 'ruby3.4' must be one of [java17,",
                "timeout=16m | shardmill.functions.orders.timeout: 16m must be between 1ms and 15m",
                "environment.AWS_LAMBDA_RUNTIME_API=x | shardmill.functions.orders.environment: 'AWS_LAMBDA_RUNTIME_API' is set by the platform",
                "handler= | shardmill.functions.orders.handler: '' must have 1 to 128 characters",
                "isolation=thread | shardmill.functions.orders.isolation",
            })
    void a_wrong_property_is_named_with_its_value_and_its_rule(String property, String message) throws IOException {
        deployed()
                .withPropertyValues("shardmill.functions.orders." + property)
                .run(context ->
                        assertThat(messages(context.getStartupFailure())).contains(message));
    }

    @Test
    void half_a_function_is_an_error() {
        app().withPropertyValues("shardmill.functions.orders.handler=com.acme.Handler")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.functions.orders.code: is missing"));
        app().withPropertyValues("shardmill.functions.orders.code=orders.jar")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.functions.orders.handler: is missing"));
        app().withPropertyValues("shardmill.functions.orders.layers=shared")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.functions.orders.layers: [shared]; only a function with code has layers;"
                                + " set code, too, or remove them"));
    }

    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void code_that_is_not_there_stops_no_application(CapturedOutput output) {
        Deliveries deliveries = new Deliveries();
        app().withBean("beans", Consumer.class, () -> (Consumer<List<Record>>) deliveries::add)
                .withPropertyValues(
                        "shardmill.functions.orders.code=nowhere.jar",
                        "shardmill.functions.orders.handler=com.acme.Handler")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains("shardmill.functions.orders.code: nowhere.jar does not exist");
                });
    }

    @ParameterizedTest
    @ValueSource(classes = {HandlerNamedOrders.class, FunctionNamedOrders.class})
    void a_bean_and_code_of_one_name_are_an_error(Class<?> beans) throws IOException {
        deployed()
                .withUserConfiguration(beans)
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.functions.orders.code: there is a bean 'orders' that is a function, too"));
    }

    @Configuration(proxyBeanMethods = false)
    static class HandlerNamedOrders {
        @Bean
        RequestHandler<Map<String, Object>, String> orders() {
            return new Handler();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FunctionNamedOrders {
        @Bean
        Consumer<List<Record>> orders() {
            return new Deliveries()::add;
        }
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void only_settings_without_a_mapping_have_no_effect_not_code(CapturedOutput output) throws IOException {
        deployed()
                .withPropertyValues(
                        "shardmill.functions.spare.code=" + code(),
                        "shardmill.functions.spare.handler=" + HANDLER,
                        "shardmill.functions.mistyped.timeout=3s")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output)
                .contains("shardmill.functions.mistyped has no effect")
                .doesNotContain("shardmill.functions.spare has no effect");
    }

    @Test
    void an_unknown_name_is_answered_with_all_that_there_are() throws IOException {
        deployed()
                .withPropertyValues("shardmill.mappings.other.stream=orders")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.mappings.other.function: ")
                        .contains("There is no deployed function 'other'; there are [orders].")
                        .contains("There is no function 'other'; there are []"));
    }

    @Test
    void the_engine_is_told_what_a_deployed_function_may_take() throws IOException {
        deployed().withPropertyValues("shardmill.functions.orders.timeout=3s").run(context -> {
            FunctionCatalog functions =
                    context.getBean(EngineDependencies.class).functions();
            assertThat(functions.find("orders").settings(FunctionSettings.defaults()))
                    .isEqualTo(new FunctionSettings(Duration.ofSeconds(4), FunctionSettings.UNLIMITED));
        });
    }

    @Test
    void without_the_lambda_runtime_code_is_an_error_and_all_else_as_ever() throws IOException {
        ApplicationContextRunner without = Apps.in(folder.resolve("data"))
                .withClassLoader(new FilteredClassLoader("io.shardmill.lambda", "com.amazonaws"));
        without.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("shardmillFunctions"));
        without.withPropertyValues("shardmill.functions.orders.code=" + code())
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.functions.orders.code: needs shardmill-lambda-runtime on the class path"));
    }
}
