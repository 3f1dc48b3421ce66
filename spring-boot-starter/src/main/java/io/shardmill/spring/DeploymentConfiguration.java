package io.shardmill.spring;

import io.shardmill.lambda.deploy.DeployedFunctions;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/** Functions deployed as on Lambda, if {@code shardmill-lambda-runtime} is on the class path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(DeployedFunctions.class)
class DeploymentConfiguration {

    /** Those of the properties, and those that were created here at run time. Whoever wants the catalog wants the application's other functions. */
    @Bean
    @Fallback
    @ConditionalOnMissingBean
    DeployedFunctions deployedFunctions(ShardmillProperties properties) {
        DeployedFunctions functions;
        try {
            functions = DeployedFunctions.open(properties.dataDir());
        } catch (IllegalStateException unusable) {
            throw new ShardmillConfigurationException("shardmill.data-dir", unusable);
        }
        try {
            FunctionDeclarations.declare(properties.functions(), functions);
            return functions;
        } catch (RuntimeException invalid) {
            functions.close();
            throw invalid;
        }
    }
}
