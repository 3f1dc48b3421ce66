package io.shardmill.spring;

import java.nio.file.Path;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;

/** Applications with the starter and nothing else, each with a data folder of its own. */
final class Apps {

    private Apps() {}

    static ApplicationContextRunner in(Path folder) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ContextFunctionCatalogAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        ShardmillAutoConfiguration.class))
                .withPropertyValues("shardmill.data-dir=" + folder);
    }
}
