package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.StoreMark;
import io.shardmill.poller.checkpoint.StoreMarkFile;
import io.shardmill.poller.control.Mappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthContributorAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

class CheckpointRecoveryTest {

    @TempDir
    private Path folder;

    private ApplicationContextRunner app(String... properties) {
        return Apps.in(folder)
                .withUserConfiguration(Functions.class)
                .withPropertyValues("shardmill.streams.flights.shards=1", "shardmill.mappings.delays.stream=flights")
                .withPropertyValues(properties);
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Deliveries deliveries() {
            return new Deliveries();
        }

        @Bean
        Consumer<List<Record>> delays(Deliveries deliveries) {
            return deliveries::add;
        }
    }

    /** Puts the record, waits for it, and stops cleanly. */
    private void live(String record, String... properties) {
        app(properties).run(context -> {
            context.getBean(StreamWriter.class).put("flights", PutEntry.of("key", record));
            assertThat(drained(context)).endsWith(record);
        });
    }

    private static List<String> drained(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                .isTrue();
        return context.getBean(Deliveries.class).texts();
    }

    private void refused(String name, String... properties) {
        app(properties).run(context -> {
            assertThat(context).hasFailed();
            assertThat(ConfigurationTest.messages(context.getStartupFailure()))
                    .contains("shardmill.checkpoint-recovery: ", name, "accept-older", "begin-anew");
        });
    }

    @Test
    void a_file_that_is_missing_or_empty_is_refused_by_its_name_until_it_may_begin_anew() throws IOException {
        live("one");
        Path file = folder.resolve("checkpoints.mv.db");
        Files.delete(file);
        refused(file.toString());
        Files.write(file, new byte[0]);
        refused(file.toString());

        app("shardmill.checkpoint-recovery=begin-anew")
                .run(context -> assertThat(drained(context)).containsExactly("one"));
        app().run(context -> assertThat(drained(context)).isEmpty());
        Files.write(file, new byte[0]);
        app("shardmill.checkpoint-recovery=begin-anew")
                .run(context -> assertThat(drained(context)).containsExactly("one"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .filteredOn(name -> name.startsWith("checkpoints.mv.db.damaged-"))
                    .hasSize(2);
        }
    }

    @Test
    void checkpoints_that_are_missing_with_their_mark_are_refused_while_the_streams_are_there() throws IOException {
        live("one");
        Files.delete(folder.resolve("checkpoints.mv.db"));
        Files.delete(folder.resolve("checkpoints.mark"));
        refused(folder.resolve("checkpoints.mv.db").toString());

        app("shardmill.checkpoint-recovery=begin-anew")
                .run(context -> assertThat(drained(context)).containsExactly("one"));
        app().run(context -> assertThat(drained(context)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4_095, 4_096, 20_000})
    void a_file_that_cant_be_opened_is_refused_by_its_name_until_it_may_begin_anew(int length) throws IOException {
        live("one");
        Path file = folder.resolve("checkpoints.mv.db");
        Files.write(file, new byte[length]);
        refused(file.toString());

        app("shardmill.checkpoint-recovery=begin-anew")
                .run(context -> assertThat(drained(context)).containsExactly("one"));
        app().run(context -> assertThat(drained(context)).isEmpty());
    }

    @Test
    void an_older_file_is_refused_and_delivers_again_once_it_is_accepted() throws IOException {
        live("one");
        Path file = folder.resolve("checkpoints.mv.db");
        Path copy = Files.copy(file, folder.resolve("copy"));
        live("two");
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
        refused(file.toString());

        app("shardmill.checkpoint-recovery=accept-older")
                .run(context -> assertThat(drained(context)).containsExactly("two"));
        app().run(context -> assertThat(drained(context)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse", "begin-anew"})
    void the_applications_own_database_is_guarded_as_well(String recovery) throws IOException {
        String url = "spring.datasource.url=jdbc:h2:retry:" + folder.resolve("application") + ";DB_CLOSE_ON_EXIT=FALSE";
        live("one", url);
        Path file = folder.resolve("application.mv.db");
        Files.delete(file);

        if (recovery.equals("refuse")) {
            refused(folder.resolve("application").toString(), url);
        } else {
            app(url, "shardmill.checkpoint-recovery=begin-anew")
                    .run(context -> assertThat(drained(context)).containsExactly("one"));
            app(url).run(context -> assertThat(drained(context)).isEmpty());
        }
    }

    private String applicationUrl() {
        return "spring.datasource.url=jdbc:h2:retry:" + folder.resolve("application") + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    private Path markOfApplication() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("checkpoints-.*\\.mark"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void a_mark_that_contradicts_a_whole_shared_store_is_replaced_and_the_checkpoints_stay() throws IOException {
        String url = applicationUrl();
        live("one", url);
        new StoreMarkFile(markOfApplication()).write(StoreMark.first());
        refused(folder.resolve("application").toString(), url);

        app(url, "shardmill.checkpoint-recovery=begin-anew")
                .run(context -> assertThat(drained(context)).isEmpty());
        app(url).run(context -> assertThat(drained(context)).isEmpty());
        Files.write(markOfApplication(), new byte[3]);
        refused(folder.resolve("application").toString(), url);
        app(url, "shardmill.checkpoint-recovery=begin-anew")
                .run(context -> assertThat(drained(context)).isEmpty());
    }

    /** Changes a row behind the application's back; the checksum that no save writes anew stays. */
    private void damageRows(String url) {
        app(url).run(context -> {
            assertThat(drained(context)).isEmpty();
            assertThat(
                            new JdbcTemplate(context.getBean(DataSource.class))
                                    .update(
                                            "update shardmill_checkpoint set start_position = 'LATEST' where namespace = 'default'"))
                    .isPositive();
        });
    }

    @Test
    void in_a_shared_database_only_damaged_rows_of_the_applications_own_are_refused_and_deleted() {
        String url = applicationUrl();
        String other = "shardmill.namespace=other";
        live("one", url);
        app(url, other).run(context -> assertThat(drained(context)).containsExactly("one"));
        damageRows(url);

        app(url, other).run(context -> assertThat(drained(context)).isEmpty());
        refused(folder.resolve("application").toString(), url);
        app(url, "shardmill.checkpoint-recovery=begin-anew")
                .run(context -> assertThat(drained(context)).containsExactly("one"));
        app(url).run(context -> assertThat(drained(context)).isEmpty());
        app(url, other).run(context -> assertThat(drained(context)).isEmpty());
    }

    @Test
    void rows_that_another_process_deletes_from_a_shared_file_after_a_clean_stop_are_no_damage() {
        String url = applicationUrl();
        String other = "shardmill.namespace=other";
        live("one", url);
        app(url, other).run(context -> drained(context));
        JdbcDataSource beside = new JdbcDataSource();
        beside.setUrl(url.substring(url.indexOf('=') + 1));
        new JdbcTemplate(beside).update("delete from shardmill_checkpoint where namespace = 'other'");

        app(url).run(context -> assertThat(drained(context)).isEmpty());
        app(url, other).run(context -> assertThat(drained(context)).containsExactly("one"));
    }

    @Configuration(proxyBeanMethods = false)
    static class StreamsElsewhere {

        @Bean
        EmbeddedStreams streams(@Value("${test.streams}") Path folder) {
            return EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder));
        }
    }

    @Test
    void an_application_on_a_database_server_needs_no_folder_that_can_be_written_to() throws Exception {
        Path unusable = Files.createFile(folder.resolve("file")).resolve("data");
        Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
                .start();
        try {
            Apps.in(unusable)
                    .withClassLoader(new FilteredClassLoader("io.shardmill.lambda"))
                    .withUserConfiguration(StreamsElsewhere.class)
                    .withPropertyValues(
                            "test.streams=" + folder.resolve("streams"),
                            "spring.datasource.url=jdbc:h2:tcp://localhost:" + server.getPort() + "/./served",
                            "spring.datasource.username=sa",
                            "shardmill.jdbc.initialize-schema=always")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(context.getBean(CheckpointStore.class).mappings("default"))
                                .isEmpty();
                    });
        } finally {
            server.stop();
        }
    }

    @Test
    void another_database_in_the_same_folder_is_a_store_of_its_own() {
        live("one", "spring.datasource.url=jdbc:h2:retry:" + folder.resolve("application") + ";DB_CLOSE_ON_EXIT=FALSE");

        app().run(context -> assertThat(drained(context)).containsExactly("one"));
    }

    @Test
    void the_disk_of_the_data_folder_is_the_one_that_health_looks_at() {
        app().withConfiguration(AutoConfigurations.of(
                        ShardmillDiskSpaceAutoConfiguration.class, DiskSpaceHealthContributorAutoConfiguration.class))
                .run(context -> assertThat(context.getBean(DiskSpaceHealthIndicator.class)
                                .health()
                                .getDetails())
                        .containsEntry(
                                "path", folder.toAbsolutePath().normalize().toString()));
    }
}
