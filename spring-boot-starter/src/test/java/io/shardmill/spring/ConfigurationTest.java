package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.shardmill.function.Record;
import io.shardmill.function.TimeWindow;
import io.shardmill.function.WindowResult;
import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.destination.DestinationCatalog;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSource;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.stream.StartingPosition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

class ConfigurationTest {

    @TempDir
    private Path folder;

    private ApplicationContextRunner app() {
        return Apps.in(folder)
                .withUserConfiguration(Functions.class)
                .withPropertyValues("shardmill.mappings.delays.stream=flights");
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Consumer<List<Record>> delays() {
            return batch -> {};
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shardmill.mappings.delays.batch-size=0 | shardmill.mappings.delays.batch-size: 0 must be between 1 and 10000",
                "shardmill.mappings.delays.batch-size=10001 | shardmill.mappings.delays.batch-size: 10001 must be between 1 and 10000",
                "shardmill.mappings.delays.parallelization-factor=11 | shardmill.mappings.delays.parallelization-factor: 11 must be between 1 and 10",
                "shardmill.mappings.delays.maximum-batching-window=301 | shardmill.mappings.delays.maximum-batching-window: 301s must be between 0s and 300s",
                "shardmill.mappings.delays.maximum-record-age=59 | shardmill.mappings.delays.maximum-record-age: 59s must be either -1",
                "shardmill.mappings.delays.maximum-retry-attempts=10001 | shardmill.mappings.delays.maximum-retry-attempts: 10001 must be between -1 and 10000",
                "shardmill.mappings.delays.function=delay | shardmill.mappings.delays.function: There is no function 'delay'; there are [delays]",
                "shardmill.mappings.delays.on-failure=nowhere | shardmill.mappings.delays.on-failure: 'nowhere' is no destination here",
                "shardmill.mappings.delays.starting-position=AT_TIMESTAMP | shardmill.mappings.delays.starting-position-timestamp: is missing",
                "shardmill.mappings.delays.starting-position-timestamp=2026-01-01T00:00:00Z | shardmill.mappings.delays.starting-position-timestamp: 2026-01-01T00:00:00Z is only valid with starting-position AT_TIMESTAMP",
                "shardmill.mappings.delays.filters[0]=single-string | shardmill.mappings.delays.filters: 'single-string' is refused: Invalid filter pattern definition. In it the pattern is no JSON",
                "shardmill.mappings.delays.filters[0]={\"data\":{\"x\":[]}} | shardmill.mappings.delays.filters: '{\"data\":{\"x\":[]}}' is refused: Invalid filter pattern definition. In it 'data.x' is an empty array",
                "shardmill.mappings.delays.replay=yesterday | shardmill.mappings.delays.replay: 'yesterday' is no place to replay from",
                "shardmill.mappings.other.batch-size=5 | shardmill.mappings.other.stream: is missing",
                "shardmill.replay=now | shardmill.replay: 'now' is no place to replay from",
                "shardmill.streams.flights.shards=0 | shardmill.streams.flights: shards is 0 but must be 1 to 10000",
                "shardmill.streams.flights.max-record-size=11MB | shardmill.streams.flights: max-record-size is 11534336 bytes but must be 1MB to 10MB",
                "shardmill.functions.delays.timeout=16m | shardmill.functions.delays.timeout: 16m must be between 1ms and 15m",
                "shardmill.maximum-concurrency=0 | shardmill.maximum-concurrency: 0 must be between 1 and 10000",
                "shardmill.mappings.delays.starting-position=SOMEWHERE | shardmill.mappings.delays.starting-position",
                "shardmill.mappings.delays.batchsizes=10 | shardmill.mappings.delays.batchsizes",
            })
    void a_wrong_property_is_named_with_its_value_and_its_rule(String property, String message) {
        app().withPropertyValues(property).run(context -> {
            assertThat(context).hasFailed();
            assertThat(messages(context.getStartupFailure())).contains(message);
        });
    }

    static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application extends Functions {}

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void an_application_that_cant_start_says_so_without_a_stack_trace(CapturedOutput output) {
        start(folder, "--shardmill.mappings.delays.stream=flights", "--shardmill.mappings.delays.batch-size=0");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("shardmill.mappings.delays.batch-size: 0 must be between 1 and 10000")
                .doesNotContain("\tat io.shardmill");
    }

    private static void start(Path folder, String... properties) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        List<String> arguments = new ArrayList<>(List.of(properties));
        arguments.add("--shardmill.data-dir=" + folder);
        assertThatThrownBy(() -> application.run(arguments.toArray(String[]::new)))
                .isInstanceOf(RuntimeException.class);
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void all_mappings_that_are_wrong_are_named_at_once(CapturedOutput output) {
        start(
                folder,
                "--shardmill.mappings.delays.stream=flights",
                "--shardmill.mappings.delays.batch-size=0",
                "--shardmill.mappings.late.batch-size=5",
                "--shardmill.mappings.fine.stream=flights");

        assertThat(output)
                .contains("shardmill.mappings.delays.batch-size: 0 must be between 1 and 10000")
                .contains("shardmill.mappings.late.stream: is missing")
                .contains("Change these properties")
                .doesNotContain("mappings.fine");
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void unknown_properties_are_named_with_those_that_may_be_meant(CapturedOutput output) {
        start(
                folder,
                "--shardmill.mappings.delays.stream=flights",
                "--shardmill.mappings.delays.batching-window=5s",
                "--shardmill.mappings.delays.batchSizes=5",
                "--shardmill.mappings.delays.colour=red",
                "--shardmill.streems.flights.shards=4",
                "--shardmill.aws-endpoint.enabeld=true");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("shardmill.mappings.delays.batchsizes: there is no such property; did you mean batch-size?")
                .contains("shardmill.mappings.delays.batching-window: there is no such property;"
                        + " did you mean maximum-batching-window?")
                .contains("shardmill.mappings.delays.colour: there is no such property; there are stream, function,")
                .contains("shardmill.streems.flights.shards: there is no such property; did you mean streams?")
                .contains("shardmill.aws-endpoint.enabeld: there is no such property; did you mean enabled?")
                .contains("from property source \"commandLineArgs\"")
                .doesNotContain("\tat io.shardmill");
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void values_of_a_wrong_type_are_named_at_once_with_what_may_be_written(CapturedOutput output) {
        start(
                folder,
                "--shardmill.mappings.delays.stream=flights",
                "--shardmill.mappings.delays.maximum-batching-window=5 parsecs",
                "--shardmill.mappings.delays.batch-size=many",
                "--shardmill.mappings.delays.function-response-types=ReportBatchItemFailure",
                "--shardmill.mappings.delays.starting-position=SOMEWHERE",
                "--shardmill.mappings.late.starting-position-timestamp=tomorrow",
                "--shardmill.mappings.late.bisect-batch-on-function-error=perhaps",
                "--shardmill.streams.flights.max-record-size=huge",
                "--shardmill.durability=universe",
                "--shardmill.checkpoint-recovery=older",
                "--shardmill.aws-endpoint.body-timeout=long");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(
                        "shardmill.mappings.delays.maximum-batching-window: '5 parsecs' must be a duration, such as 30s"
                                + " (\"shardmill.mappings.delays.maximum-batching-window\" from property source")
                .contains("shardmill.mappings.delays.batch-size: 'many' must be a whole number")
                .contains("shardmill.mappings.delays.function-response-types: 'ReportBatchItemFailure' must be"
                        + " ReportBatchItemFailures")
                .contains("shardmill.mappings.delays.starting-position: 'SOMEWHERE' must be TRIM_HORIZON or LATEST or"
                        + " AT_TIMESTAMP")
                .contains("shardmill.mappings.late.starting-position-timestamp: 'tomorrow' must be a time")
                .contains("shardmill.mappings.late.bisect-batch-on-function-error: 'perhaps' must be true or false")
                .contains("shardmill.streams.flights.max-record-size: 'huge' must be a size, such as 1MB")
                .contains("shardmill.durability: 'universe' must be process or machine")
                .contains("shardmill.checkpoint-recovery: 'older' must be refuse or accept-older or begin-anew")
                .contains("shardmill.aws-endpoint.body-timeout: 'long' must be a duration")
                .doesNotContain("REPORT_BATCH_ITEM_FAILURES")
                .doesNotContain("\tat io.shardmill");
    }

    @Test
    void defaults_are_lambdas() {
        app().run(context -> assertThat(described(context.getBean(Mappings.class), "delays"))
                .isEqualTo(EventSourceMapping.of("delays", "flights")));
    }

    @Test
    void every_parameter_of_lambdas_can_be_set() {
        app().withPropertyValues(
                        "shardmill.mappings.late.stream=flights",
                        "shardmill.mappings.late.function=delays",
                        "shardmill.mappings.late.starting-position=at-timestamp",
                        "shardmill.mappings.late.starting-position-timestamp=2026-01-02T03:04:05Z",
                        "shardmill.mappings.late.filters[0]={\"data\":{\"delay\":[{\"numeric\":[\">\",60]}]}}",
                        "shardmill.mappings.late.filters[1]={\"partitionKey\":[\"JFK\",\"LGA\"]}",
                        "shardmill.mappings.late.batch-size=10",
                        "shardmill.mappings.late.maximum-batching-window=5",
                        "shardmill.mappings.late.parallelization-factor=3",
                        "shardmill.mappings.late.maximum-retry-attempts=2",
                        "shardmill.mappings.late.maximum-record-age=3600",
                        "shardmill.mappings.late.bisect-batch-on-function-error=true",
                        "shardmill.mappings.late.function-response-types=ReportBatchItemFailures",
                        "shardmill.mappings.late.on-failure=log")
                .run(context -> assertThat(described(context.getBean(Mappings.class), "late"))
                        .isEqualTo(new EventSourceMapping(
                                "late",
                                new EventSource(
                                        "flights",
                                        new StartingPosition.AtTimestamp(Instant.parse("2026-01-02T03:04:05Z")),
                                        FilterCriteria.of(
                                                "{\"data\":{\"delay\":[{\"numeric\":[\">\",60]}]}}",
                                                "{\"partitionKey\":[\"JFK\",\"LGA\"]}")),
                                "delays",
                                new Batching(10, Duration.ofSeconds(5), 3),
                                new FailureHandling(2, Duration.ofHours(1), true, true, "log"))));
    }

    @Test
    void a_bare_number_of_a_tumbling_window_is_seconds() {
        app().withBean("windows", Windows.class)
                .withPropertyValues(
                        "shardmill.mappings.windows.stream=flights", "shardmill.mappings.windows.tumbling-window=30")
                .run(context -> assertThat(described(context.getBean(Mappings.class), "windows")
                                .batching()
                                .tumblingWindow())
                        .isEqualTo(Duration.ofSeconds(30)));
    }

    @Test
    void a_tumbling_window_that_can_not_be_names_its_property() {
        app().withPropertyValues("shardmill.mappings.delays.tumbling-window=901")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.mappings.delays.tumbling-window: 901s must be between 0s and 900s"));
        app().withPropertyValues(
                        "shardmill.mappings.delays.tumbling-window=30s",
                        "shardmill.mappings.delays.parallelization-factor=2")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("delays.tumbling-window: 30s does not go with parallelization-factor 2"));
    }

    @Test
    void a_function_without_state_can_not_have_a_tumbling_window_and_one_of_windows_needs_it() {
        app().withPropertyValues("shardmill.mappings.delays.tumbling-window=30s")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains(
                                "shardmill.mappings.delays.tumbling-window: 30s",
                                "function 'delays' returns no state",
                                "Function<TimeWindow<State>, WindowResult<State>>"));
        app().withBean("windows", Windows.class)
                .withPropertyValues("shardmill.mappings.windows.stream=flights")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains(
                                "shardmill.mappings.windows.tumbling-window: 0s",
                                "function 'windows' takes a TimeWindow",
                                "1 to 900 seconds"));
    }

    static final class Windows implements Function<TimeWindow<Map<String, Long>>, WindowResult<Map<String, Long>>> {
        @Override
        public WindowResult<Map<String, Long>> apply(TimeWindow<Map<String, Long>> window) {
            return WindowResult.of(Map.of("records", (long) window.records().size()));
        }
    }

    private static EventSourceMapping described(Mappings mappings, String name) {
        MappingStatus status = mappings.describe(name).join();
        return status.mapping();
    }

    @Test
    void a_time_to_start_at_must_not_be_in_the_future_of_the_applications_clock() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        app().withBean(Clock.class, () -> clock)
                .withPropertyValues(
                        "shardmill.mappings.delays.starting-position=AT_TIMESTAMP",
                        "shardmill.mappings.delays.starting-position-timestamp=2026-01-02T00:00:00Z")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("starting-position-timestamp: 2026-01-02T00:00:00Z must not be in the future"));
    }

    @Test
    void beans_are_mappings_too() {
        app().withBean(
                        "mine",
                        EventSourceMapping.class,
                        () -> EventSourceMapping.of("mine", "flights").withFunction("delays"))
                .run(context ->
                        assertThat(context.getBean(Mappings.class).names()).containsExactly("delays", "mine"));
    }

    @Test
    void a_bean_and_a_property_of_the_same_name_are_an_error() {
        app().withBean("mine", EventSourceMapping.class, () -> EventSourceMapping.of("delays", "flights"))
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("shardmill.mappings.delays: there is an EventSourceMapping bean of the same name"));
    }

    @Test
    void a_mapping_that_is_not_enabled_is_not_started() {
        app().withPropertyValues("shardmill.mappings.delays.enabled=false")
                .run(context ->
                        assertThat(context.getBean(Mappings.class).names()).isEmpty());
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void checkpoints_of_mappings_that_are_not_enabled_or_were_adopted_are_not_reported_as_left_over(
            CapturedOutput output) {
        onStream()
                .withPropertyValues(
                        "shardmill.mappings.other.stream=flights", "shardmill.mappings.other.function=delays")
                .run(ConfigurationTest::drained);
        onStream()
                .withPropertyValues(
                        "shardmill.mappings.delays.enabled=false",
                        "shardmill.mappings.renamed.stream=flights",
                        "shardmill.mappings.renamed.function=delays",
                        "shardmill.mappings.renamed.adopt-checkpoints-of=other")
                .run(ConfigurationTest::drained);
        assertThat(output).doesNotContain("which is not configured here");
        onStream().run(ConfigurationTest::drained);

        assertThat(output)
                .contains("There are checkpoints of a mapping 'renamed' on stream 'flights'")
                .doesNotContain("checkpoints of a mapping 'delays'");
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void an_application_that_was_renamed_is_told_where_its_checkpoints_are(CapturedOutput output) {
        onStream().run(ConfigurationTest::drained);
        onStream().run(ConfigurationTest::drained);
        assertThat(output).doesNotContain("shardmill.namespace");
        onStream().withPropertyValues("spring.application.name=airline").run(ConfigurationTest::drained);

        assertThat(output)
                .contains("Mapping 'delays' has no checkpoints in namespace 'airline'")
                .contains("shardmill.namespace=default goes on from them");
    }

    private ApplicationContextRunner onStream() {
        return app().withPropertyValues("shardmill.streams.flights.shards=1");
    }

    private static void drained(AssertableApplicationContext context) {
        assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofMinutes(1)))
                .isTrue();
    }

    @Configuration(proxyBeanMethods = false)
    static class NamedAsOurs {

        @Bean
        String mappings() {
            return "the application's own";
        }

        @Bean
        String embeddedStreams() {
            return "the application's own";
        }

        @Bean
        String engineCustomizations() {
            return "the application's own";
        }

        @Bean
        String builtInDestinations() {
            return "the application's own";
        }
    }

    @Test
    void beans_of_the_application_may_have_any_name_that_does_not_begin_with_ours() {
        app().withUserConfiguration(NamedAsOurs.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBeanNamesForType(Object.class))
                    .filteredOn(name -> context.getType(name) != null
                            && context.getType(name).getPackageName().startsWith("io.shardmill")
                            && !context.getType(name).getName().contains("Test")
                            && !name.contains("."))
                    .allMatch(name -> name.startsWith("shardmill"));
        });
    }

    @Test
    void a_catalog_of_the_applications_own_stands_beside_file_and_log() {
        DestinationCatalog own = name -> name.equals("own") ? Optional.of(batch -> {}) : Optional.empty();
        for (String destination : List.of("own", "log", "file:" + folder.resolve("discarded.jsonl"))) {
            app().withBean(DestinationCatalog.class, () -> own)
                    .withPropertyValues("shardmill.mappings.delays.on-failure=" + destination)
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void a_database_in_memory_is_used_with_a_warning(CapturedOutput output) {
        app().withPropertyValues("spring.datasource.url=jdbc:h2:mem:application")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).contains("checkpoints go with this process");
    }

    @Test
    void all_properties_of_a_mapping_that_are_wrong_are_told_at_once() {
        app().withPropertyValues(
                        "shardmill.mappings.delays.batch-size=0",
                        "shardmill.mappings.delays.parallelization-factor=11",
                        "shardmill.mappings.delays.maximum-record-age=59s",
                        "shardmill.mappings.delays.starting-position=AT_TIMESTAMP")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("delays.batch-size: 0 must be")
                        .contains("delays.parallelization-factor: 11 must be")
                        .contains("delays.maximum-record-age: 59s must be")
                        .contains("delays.starting-position-timestamp: is missing"));
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void a_start_names_its_mappings_and_says_how_long_they_run(CapturedOutput output) {
        onStream().run(context -> assertThat(context).hasNotFailed());

        assertThat(output).contains("Started mappings [delays]; they run until the application is stopped");
    }

    @Test
    void the_database_that_boot_makes_up_is_not_opened() {
        onStream()
                .run(context -> assertThat(
                                context.getBean(HikariDataSource.class).getHikariPoolMXBean())
                        .isNull());
    }

    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void virtual_threads_that_this_java_does_not_have_are_a_warning(CapturedOutput output) {
        onStream().withPropertyValues("spring.threads.virtual.enabled=true").run(ConfigurationTest::drained);

        assertThat(output.toString().contains("virtual threads need Java 21 or newer"))
                .isEqualTo(Runtime.version().feature() < 21);
    }

    @Test
    void a_folder_that_another_application_has_open_is_a_clear_error() {
        app().run(first -> app().run(second -> {
            assertThat(second).hasFailed();
            assertThat(messages(second.getStartupFailure()))
                    .contains("shardmill.data-dir: ", folder.toString(), "in use by another process");
        }));
    }

    @Test
    void streams_of_the_configuration_are_made_once_and_kept_up_to_date() {
        app().withPropertyValues("shardmill.streams.flights.shards=4", "shardmill.streams.flights.retention=1h")
                .run(context -> assertThat(context).hasNotFailed());
        app().withPropertyValues(
                        "shardmill.streams.flights.shards=2",
                        "shardmill.streams.flights.retention=2h",
                        "shardmill.streams.flights.max-record-size=2MB")
                .run(context -> {
                    var stream = context.getBean(io.shardmill.embedded.EmbeddedStreams.class)
                            .describe("flights");
                    assertThat(stream.shards()).hasSize(4);
                    assertThat(stream.retention()).isEqualTo(Duration.ofHours(2));
                    assertThat(stream.maxRecordBytes()).isEqualTo(2 << 20);
                });
    }

    @Test
    void without_tables_in_the_applications_database_the_error_says_how_to_get_them() {
        app().withPropertyValues(
                        "spring.datasource.url=jdbc:h2:mem:application", "shardmill.jdbc.initialize-schema=never")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains(
                                "shardmill.jdbc.initialize-schema: 'never' creates", "SHARDMILL_", "set it to always"));
    }

    @Test
    void tables_in_the_applications_database_that_lack_a_column_are_named() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:older;DB_CLOSE_DELAY=-1");
        database.setUser("sa");
        CheckpointSchema.create(database);
        JdbcTemplate sql = new JdbcTemplate(database);
        sql.execute("alter table shardmill_store drop column generation");

        app().withPropertyValues("spring.datasource.url=jdbc:h2:mem:older", "shardmill.jdbc.initialize-schema=always")
                .run(context ->
                        assertThat(messages(context.getStartupFailure())).contains("GENERATION", "schema.sql"));
        sql.execute("shutdown");
    }
}
