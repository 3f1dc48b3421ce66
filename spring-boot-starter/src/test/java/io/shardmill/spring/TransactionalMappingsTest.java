package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** What a function writes with its application's JdbcTemplate is committed with its batch, or rolled back. */
class TransactionalMappingsTest {

    @TempDir
    private Path folder;

    private ApplicationContextRunner app() {
        return Apps.in(folder)
                .withPropertyValues(
                        "shardmill.mappings.balances.stream=movements",
                        "shardmill.mappings.balances.transactional=true",
                        "shardmill.mappings.balances.parallelization-factor=10",
                        "shardmill.streams.movements.shards=1");
    }

    private ApplicationContextRunner withDatabase() {
        return app().withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class))
                .withUserConfiguration(Balances.class)
                .withPropertyValues("spring.datasource.url=jdbc:h2:" + folder.resolve("shop"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Balances {

        /** Writes each record, and fails at the first that is bad after that was written. */
        @Bean
        Function<List<Record>, Result> balances(JdbcTemplate jdbc) {
            jdbc.execute("create table if not exists movement (account varchar(20), text varchar(20))");
            return batch -> {
                for (Record record : batch) {
                    jdbc.update("insert into movement values (?, ?)", record.partitionKey(), record.text());
                    if (record.text().equals("bad")) {
                        return Result.failedFrom(record);
                    }
                }
                return Result.success();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Nothing {

        @Bean
        Consumer<List<Record>> balances() {
            return batch -> {};
        }
    }

    private static List<String> written(AssertableApplicationContext context) {
        assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(60)))
                .isTrue();
        return context.getBean(JdbcTemplate.class)
                .queryForList("select text from movement order by text", String.class);
    }

    @Test
    void each_record_is_written_once_and_nothing_of_what_failed() {
        List<PutEntry> entries = IntStream.range(0, 100)
                .mapToObj(
                        number -> PutEntry.of("account-" + number % 7, number == 50 ? "bad" : "%02d".formatted(number)))
                .toList();
        List<String> good = IntStream.range(0, 100)
                .filter(number -> number != 50)
                .mapToObj("%02d"::formatted)
                .toList();
        ApplicationContextRunner app = withDatabase()
                .withPropertyValues(
                        "shardmill.mappings.balances.bisect-batch-on-function-error=true",
                        "shardmill.mappings.balances.maximum-retry-attempts=0");
        app.run(context -> {
            context.getBean(StreamWriter.class).putAll("movements", entries);
            assertThat(written(context)).isEqualTo(good);
        });
        app.run(context -> assertThat(written(context)).isEqualTo(good));
    }

    @Test
    void checkpoints_in_a_file_of_their_own_are_in_no_transaction_of_the_functions() {
        app().withUserConfiguration(Nothing.class)
                .run(
                        context -> assertThat(context)
                                .hasFailed()
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining(
                                        "transactional: true can't be given to mapping 'balances': functions have no"
                                                + " transaction in common with the checkpoints. Give the application a DataSource and a"
                                                + " transaction manager for it, of several make one primary, or leave out the property"));
    }

    @Test
    void a_manager_of_another_database_is_refused() {
        DataSource other = new DriverManagerDataSource("jdbc:h2:mem:other;DB_CLOSE_DELAY=-1");
        withDatabase()
                .withBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(other))
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(
                                "transactional: true can't be given to mapping 'balances': functions have no"
                                        + " transaction in common with the checkpoints"));
    }
}
