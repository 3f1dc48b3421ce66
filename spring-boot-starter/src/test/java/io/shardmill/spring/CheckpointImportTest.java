package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** An application that takes a database of its own goes on from the checkpoints that it had in a file. */
class CheckpointImportTest {

    @TempDir
    private Path folder;

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

    private ApplicationContextRunner app(String... properties) {
        return Apps.in(folder)
                .withUserConfiguration(Functions.class)
                .withPropertyValues("shardmill.streams.flights.shards=1", "shardmill.mappings.delays.stream=flights")
                .withPropertyValues(properties);
    }

    private ApplicationContextRunner withDatabase(String... properties) {
        return app("spring.datasource.url=jdbc:h2:retry:" + folder.resolve("application"))
                .withPropertyValues(properties);
    }

    private String url() {
        return "jdbc:h2:" + folder.resolve("checkpoints");
    }

    private String importFromFile() {
        return "shardmill.checkpoints.import-from=" + url();
    }

    private JdbcTemplate rows() {
        JdbcDataSource file = new JdbcDataSource();
        file.setURL(url());
        file.setUser("sa");
        return new JdbcTemplate(file);
    }

    /** Puts the record, and asserts what is delivered. */
    private static void live(ApplicationContextRunner app, String record, String... delivered) {
        app.run(context -> {
            assertThat(context).hasNotFailed();
            context.getBean(StreamWriter.class).put("flights", PutEntry.of("key", record));
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(context.getBean(Deliveries.class).texts()).containsExactly(delivered);
        });
    }

    private static void refused(ApplicationContextRunner app, String... says) {
        app.run(context -> {
            assertThat(context).hasFailed();
            assertThat(ConfigurationTest.messages(context.getStartupFailure()))
                    .contains("shardmill.checkpoints.import-from: ")
                    .contains(says);
        });
    }

    @BeforeEach
    void in_a_url() {
        live(app(), "one", "one");
    }

    @Test
    void what_was_finished_is_not_delivered_again() {
        live(withDatabase(importFromFile()), "two", "two");
        live(withDatabase(), "three", "three");
    }

    @Test
    void rows_that_are_there_stay_whether_the_file_does_or_not() throws IOException {
        live(withDatabase(importFromFile()), "two", "two");
        live(withDatabase(importFromFile()), "three", "three");
        Files.delete(folder.resolve("checkpoints.mv.db"));
        live(withDatabase(importFromFile()), "four", "four");
    }

    @Test
    void without_an_import_all_is_delivered_again() {
        live(withDatabase(), "two", "one", "two");
    }

    @Test
    void a_file_may_have_a_user_and_a_password() {
        JdbcTemplate file = rows();
        file.execute("create user checkpoints password 'secret' admin");
        file.execute("drop user sa");
        refused(withDatabase(importFromFile()), "Wrong user name or password");

        live(withDatabase(importFromFile() + ";USER=checkpoints;PASSWORD=secret"), "two", "two");
        refused(
                withDatabase("shardmill.namespace=other", importFromFile() + ";USER=checkpoints;PASSWORD=secret"),
                url() + "; has no checkpoints of namespace 'other'");
    }

    @Test
    void a_file_that_is_missing_is_refused() throws IOException {
        Files.delete(folder.resolve("checkpoints.mv.db"));
        refused(withDatabase(importFromFile()), url() + "; there is no file ", "checkpoints.mv.db; correct the path");
    }

    @Test
    void a_file_that_another_process_has_open_is_refused() throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve("checkpoints.mv.db"), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            refused(withDatabase(importFromFile()), url() + "; can't be imported: ", "stop what has the file open");
        }
        live(withDatabase(importFromFile()), "two", "two");
    }

    @Test
    void rows_that_are_damaged_or_missing_are_refused_and_nothing_is_imported() {
        rows().update("update shardmill_checkpoint set watermark = '9'");
        refused(withDatabase(importFromFile()), url() + "; ", "put back a copy that is whole");
        rows().update("delete from shardmill_checkpoint");
        refused(withDatabase(importFromFile()), url() + "; rows are missing, or were changed");

        live(withDatabase(), "two", "one", "two");
    }

    @Test
    void what_is_no_file_or_the_database_itself_is_refused() {
        refused(
                withDatabase("shardmill.checkpoints.import-from=jdbc:postgresql://db/shop?password=secret"),
                "must be jdbc:h2: and the path of a file");
        refused(withDatabase("shardmill.checkpoints.import-from=jdbc:h2:mem:checkpoints"), "must be jdbc:h2:");
        refused(withDatabase("shardmill.checkpoints.import-from=jdbc:h2:tcp://db/checkpoints"), "must be jdbc:h2:");
        refused(app(importFromFile()), "is the database that the application keeps its checkpoints in");
        refused(
                withDatabase("shardmill.checkpoints.import-from=jdbc:h2:file:" + folder.resolve("x/../application")),
                "is the database that the application keeps its checkpoints in");
    }
}
