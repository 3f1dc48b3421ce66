package io.shardmill.spring;

import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.process.ProcessOptions;
import io.shardmill.runtime.arn.AwsScope;
import io.shardmill.spring.backup.Backups;
import java.nio.file.Path;
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
    DeployedFunctions shardmillFunctions(DataFolder folder, AwsScope scope, ShardmillProperties properties) {
        try {
            return DeployedFunctions.open(folder.path(), scope, processes(folder, properties));
        } catch (IllegalArgumentException impossible) {
            throw ShardmillConfigurationException.under("shardmill", impossible);
        } catch (IllegalStateException inUse) {
            throw new ShardmillConfigurationException("shardmill.data-dir", inUse);
        }
    }

    private static ProcessOptions processes(DataFolder folder, ShardmillProperties properties) {
        Path environments = properties.environmentsDir();
        if (environments == null && hasUsers(properties)) {
            throw new ShardmillConfigurationException(
                    "shardmill.environments-dir",
                    "is missing; functions of another user need a folder outside of shardmill.data-dir, which that user"
                            + " can't enter; name one, such as /var/lib/shardmill-environments");
        }
        return new ProcessOptions(
                environments == null ? folder.environments() : environments,
                properties.functionUser(),
                properties.interpreters(),
                properties.allowOtherInterpreterVersions());
    }

    private static boolean hasUsers(ShardmillProperties properties) {
        return properties.functionUser() != null
                || properties.functions().values().stream().anyMatch(function -> function.user() != null);
    }

    @Bean
    Backups.FolderCopy shardmillFunctionsBackup(DeployedFunctions functions) {
        return functions::copyTo;
    }

    @Bean
    static ConfiguredFunctions shardmillConfiguredFunctions(ObjectProvider<ShardmillProperties> properties) {
        return new ConfiguredFunctions(properties);
    }

    /** Fails fast when a function has code but the runtime module is missing. */
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
