package io.shardmill.documents;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.function.StreamWriter;
import io.shardmill.kinesis.ReadObserver;
import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryMemberStore;
import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.MappingStatus;
import io.shardmill.poller.monitoring.LastFailure;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.monitoring.WindowStatus;
import io.shardmill.spring.MappingReport;
import io.shardmill.spring.MappingReport.LaneReport;
import io.shardmill.spring.MappingReport.ShardReport;
import io.shardmill.spring.ReplicasReport;
import io.shardmill.spring.ReplicasReport.ReplicaReport;
import io.shardmill.spring.ShardmillAutoConfiguration;
import io.shardmill.spring.ShardmillEndpoint.AllMappings;
import io.shardmill.spring.ShardmillKinesisAutoConfiguration;
import io.shardmill.spring.ShardmillObservabilityAutoConfiguration;
import io.shardmill.spring.ShardmillStreamWriterAutoConfiguration;
import io.shardmill.spring.test.RecordingDestination;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The reference of metrics names those of an application, and all of them. */
class MetricsReferenceTest {

    private static final Pattern SAMPLE = Pattern.compile("^(shardmill_\\w+)", Pattern.MULTILINE);

    private static final PrometheusMeterRegistry METERS = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private static final ObservationRegistry OBSERVATIONS = ObservationRegistry.create();
    private static final Set<String> OBSERVATION_KEYS = new ConcurrentSkipListSet<>();
    private static final Set<String> LOGGING_KEYS = new ConcurrentSkipListSet<>();

    private static Set<Metric> meters = Set.of();
    private static Set<String> samples = Set.of();

    @TempDir
    private static Path folder;

    private MarkdownTables reference = new MarkdownTables("");

    /** @param tags by their keys */
    private record Metric(String name, String type, Set<String> tags) {

        static Metric of(Meter.Id meter) {
            return new Metric(
                    meter.getName(),
                    meter.getType().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    meter.getTags().stream().map(Tag::getKey).collect(toSet()));
        }

        static Metric of(List<String> row) {
            return new Metric(
                    MarkdownTables.codes(row.get(0)).iterator().next(), row.get(2), MarkdownTables.codes(row.get(4)));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Consumer<List<Record>> orders() {
            return batch -> {
                LOGGING_KEYS.addAll(MDC.getCopyOfContextMap().keySet());
                if (batch.get(0).text().equals("broken")) {
                    throw new IllegalStateException("on purpose");
                }
            };
        }

        @Bean
        Consumer<List<Record>> idle() {
            return batch -> {};
        }

        @Bean
        RecordingDestination parking() {
            return new RecordingDestination();
        }

        @Bean
        MeterRegistry meters() {
            return METERS;
        }

        /** Other replicas are possible. */
        @Bean
        static BeanPostProcessor replicas() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof EngineDependencies alone ? shared(alone) : bean;
                }
            };
        }

        private static EngineDependencies shared(EngineDependencies alone) {
            MemberStore members = new InMemoryMemberStore();
            return new EngineDependencies(
                    alone.streams(),
                    alone.functions(),
                    alone.destinations(),
                    new EngineStores(
                            alone.stores().checkpoints(),
                            alone.stores().mappings(),
                            new MemberStores(members, members),
                            alone.stores().transactions()),
                    alone.clock());
        }

        @Bean
        ObservationRegistry observations() {
            return OBSERVATIONS;
        }
    }

    /** Notes which keys an observation has. */
    private static final class Keys implements ObservationHandler<Observation.Context> {

        @Override
        public void onStop(Observation.Context context) {
            context.getAllKeyValues().forEach(key -> OBSERVATION_KEYS.add(key.getKey()));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @BeforeAll
    static void mappings_succeed_fail_retry_filter_discard_and_are_throttled() {
        OBSERVATIONS
                .observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(METERS))
                .observationHandler(new Keys());
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ContextFunctionCatalogAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        ShardmillAutoConfiguration.class,
                        ShardmillObservabilityAutoConfiguration.class,
                        ShardmillKinesisAutoConfiguration.class,
                        ShardmillStreamWriterAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "shardmill.data-dir=" + folder,
                        "shardmill.streams.orders.shards=1",
                        "shardmill.mappings.orders.stream=orders",
                        "shardmill.mappings.orders.batch-size=1",
                        "shardmill.mappings.orders.filters[0]={\"partitionKey\":[{\"anything-but\":\"left out\"}]}",
                        "shardmill.mappings.orders.maximum-retry-attempts=1",
                        "shardmill.mappings.orders.on-failure=parking",
                        "shardmill.mappings.idle.stream=orders",
                        "shardmill.functions.idle.reserved-concurrency=0")
                .run(MetricsReferenceTest::work);
    }

    private static void work(AssertableApplicationContext context) {
        context.getBean(ReadObserver.class).read(new Shard("clicks", "shardId-000000000000"), 1, 1, 1);
        StreamWriter writer = context.getBean(StreamWriter.class);
        writer.put("orders", PutEntry.of("alice", "tea"));
        writer.put("orders", PutEntry.of("alice", "broken"));
        writer.put("orders", PutEntry.of("left out", "cake"));
        await().until(() -> count("on.failure.destination.delivered.event.count", "orders") == 1
                && count("throttles", "idle") > 0
                && METERS.find("shardmill.filtered.out.event.count").meter() != null);
        meters = METERS.getMeters().stream()
                .map(Meter::getId)
                .filter(meter -> meter.getName().startsWith("shardmill"))
                .map(Metric::of)
                .collect(toSet());
        samples = SAMPLE.matcher(METERS.scrape())
                .results()
                .map(sample -> sample.group(1))
                .collect(toCollection(TreeSet::new));
    }

    private static double count(String name, String mapping) {
        return METERS.get("shardmill." + name).tag("mapping", mapping).counter().count();
    }

    @BeforeEach
    void read() throws IOException {
        reference = MarkdownTables.of("reference/metrics.md");
    }

    private List<List<String>> metrics() {
        return Stream.of(
                        "## Metrics",
                        "### Metrics of replicas",
                        "### Metrics of Kinesis streams",
                        "### Metrics of observations")
                .flatMap(section -> reference.rows(section).stream())
                .toList();
    }

    @Test
    void the_metrics_are_those_of_an_application_with_their_types_and_tags() {
        assertThat(metrics().stream().map(Metric::of)).containsExactlyInAnyOrderElementsOf(meters);
    }

    @Test
    void the_names_in_prometheus_are_those_that_it_scrapes() {
        assertThat(metrics().stream().flatMap(row -> MarkdownTables.codes(row.get(1)).stream()))
                .containsExactlyInAnyOrderElementsOf(samples);
    }

    @Test
    void the_keys_of_observations_and_of_the_logging_context_are_those_that_a_function_has() {
        assertThat(reference.names("## Observations")).isEqualTo(OBSERVATION_KEYS);
        assertThat(reference.names("### Logging context")).isEqualTo(LOGGING_KEYS);
    }

    @Test
    void the_fields_of_the_endpoint_are_those_of_its_answers() {
        assertThat(reference.names("## Endpoint")).isEqualTo(fields(AllMappings.class));
        assertThat(reference.names("### Mappings")).isEqualTo(fields(MappingReport.class));
        assertThat(reference.names("### Last failure of a mapping")).isEqualTo(fields(LastFailure.class));
        assertThat(reference.names("### Shards")).isEqualTo(fields(ShardReport.class));
        assertThat(reference.names("### Replicas")).isEqualTo(fields(ReplicasReport.class));
        assertThat(reference.names("### Living replicas")).isEqualTo(fields(ReplicaReport.class));
        assertThat(reference.names("### Windows")).isEqualTo(fields(WindowStatus.class));
        assertThat(reference.names("### Lanes")).isEqualTo(fields(LaneReport.class));
    }

    private static Set<String> fields(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(toCollection(TreeSet::new));
    }

    @Test
    void the_states_of_mappings_shards_and_lanes_are_all_that_there_are() {
        assertThat(reference.names("### Origins of a mapping")).isEqualTo(names(Origin.values()));
        assertThat(reference.names("### States of a mapping")).isEqualTo(names(MappingStatus.State.values()));
        assertThat(reference.names("### Activities of a shard")).isEqualTo(names(MappingStatus.ShardActivity.values()));
        assertThat(reference.names("### Ways to a shard")).isEqualTo(names(Acquisition.Kind.values()));
        assertThat(reference.names("### Activities of a lane")).isEqualTo(names(Activity.values()));
    }

    private static Set<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).collect(toCollection(TreeSet::new));
    }
}
