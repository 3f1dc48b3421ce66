package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.poller.stream.StreamSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class StreamCatalogsTest {

    @TempDir
    Path folder;

    @Configuration(proxyBeanMethods = false)
    static class TwoCatalogs {

        @Bean
        EmbeddedStreams embedded() {
            return EmbeddedStreams.temporary(Clock.systemUTC());
        }

        @Bean
        @Order(0)
        StreamCatalog renamed(EmbeddedStreams embedded) {
            return name -> name.equals("old-orders") ? embedded.find("orders") : Optional.empty();
        }
    }

    @Test
    void an_application_has_the_streams_of_all_its_catalogs() {
        Apps.in(folder).withUserConfiguration(TwoCatalogs.class).run(context -> {
            StreamCatalog streams = context.getBean(EngineDependencies.class).streams();

            assertThat(streams.find("old-orders").map(StreamSource::arn))
                    .hasValueSatisfying(arn -> assertThat(arn).endsWith("stream/orders"));
            assertThat(streams.find("parcels").map(StreamSource::arn))
                    .hasValueSatisfying(arn -> assertThat(arn).endsWith("stream/parcels"));
        });
    }
}
