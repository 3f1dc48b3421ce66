package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.runtime.BatchFunction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An application with the starter: its function is a bean, metrics and observations are on, checkpoints in its H2 file. */
final class SpringRuntime implements RuntimeUnderTest {

    /** The name of its function. */
    static final String FUNCTION = "spring";

    /** The project's own application.yml is for an example. */
    private static final String NO_FILES = "--spring.config.location=optional:classpath:/none/";

    private final ConfigurableApplicationContext context;

    SpringRuntime(StreamCatalog streams, BatchFunction body, Path folder) {
        context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(Map.of("shardmill.data-dir", folder.toString(), "spring.application.name", "benchmarks"))
                .initializers(starting -> {
                    starting.getBeanFactory().registerSingleton("streams", streams);
                    starting.getBeanFactory().registerSingleton("body", body);
                })
                .run(NO_FILES);
    }

    @Override
    public Mappings mappings() {
        return context.getBean(Mappings.class);
    }

    @Override
    public void close() {
        context.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean(FUNCTION)
        Function<List<Record>, Result> function(BatchFunction body) {
            return batch -> invoke(body, batch);
        }

        private static Result invoke(BatchFunction body, List<Record> batch) {
            try {
                return body.invoke(batch);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
