package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerivedPoolTest {

    private final HikariDataSource application = new HikariDataSource();

    private HikariDataSource derived() {
        return DerivedPool.of(application, "derived", 2, Duration.ofSeconds(3));
    }

    /** Of a parameter that is there twice, PostgreSQL's driver takes the last. */
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db/shop, jdbc:postgresql://db/shop?socketTimeout=3",
        "jdbc:postgresql://db/shop?socketTimeout=60, jdbc:postgresql://db/shop?socketTimeout=60&socketTimeout=3",
        "jdbc:h2:tcp://db/shop, jdbc:h2:tcp://db/shop",
    })
    void postgresql_has_to_answer_in_time(String url, String expected) {
        application.setJdbcUrl(url);
        assertThat(derived().getJdbcUrl()).isEqualTo(expected);
    }

    @Test
    void the_pool_of_the_application_stays_as_it_is() {
        application.setJdbcUrl("jdbc:postgresql://db/shop");
        application.addDataSourceProperty("ApplicationName", "shop");
        assertThat(derived().getDataSourceProperties()).containsEntry("ApplicationName", "shop");
        assertThat(application.getDataSourceProperties()).hasSize(1);
        assertThat(application.getJdbcUrl()).isEqualTo("jdbc:postgresql://db/shop");
        assertThat(application.getMaximumPoolSize()).isNotEqualTo(derived().getMaximumPoolSize());
    }
}
