package io.shardmill.spring;

import io.shardmill.lambda.deploy.DeployedFunctions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/** Functions deployed as on Lambda, if {@code shardmill-lambda-runtime} is on the class path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(DeployedFunctions.class)
class DeploymentConfiguration {

    /** Whoever asks for the catalog means the application's own functions. */
    @Bean
    @Fallback
    @ConditionalOnMissingBean
    DeployedFunctions shardmillFunctions(ShardmillProperties properties) {
        try {
            return DeployedFunctions.open(properties.dataDir());
        } catch (IllegalStateException inUse) {
            throw new ShardmillConfigurationException("shardmill.data-dir", inUse);
        }
    }

    @Bean
    static ConfiguredFunctions shardmillConfiguredFunctions(ObjectProvider<ShardmillProperties> properties) {
        return new ConfiguredFunctions(properties);
    }

    /** Without it, code is nothing to be silent about. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.shardmill.lambda.deploy.DeployedFunctions")
    static class Missing {

        Missing(ShardmillProperties properties) {
            properties.functions().forEach((name, function) -> {
                if (function.code() != null) {
                    throw new ShardmillConfigurationException(
                            "shardmill.functions." + name + ".code",
                            "needs shardmill-lambda-runtime on the class path");
                }
            });
        }
    }
}
