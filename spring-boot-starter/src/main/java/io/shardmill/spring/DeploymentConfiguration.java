package io.shardmill.spring;

import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.ProcessOptions;
import io.shardmill.spring.backup.Backups;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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
    DeployedFunctions shardmillFunctions(DataFolder folder, ShardmillProperties properties) {
        try {
            return DeployedFunctions.open(folder.path(), processes(folder, properties));
        } catch (IllegalArgumentException impossibleUser) {
            throw ShardmillConfigurationException.under("shardmill", impossibleUser);
        } catch (IllegalStateException inUse) {
            throw new ShardmillConfigurationException("shardmill.data-dir", inUse);
        }
    }

    private static ProcessOptions processes(DataFolder folder, ShardmillProperties properties) {
        Map<String, String> users = new HashMap<>();
        properties.functions().forEach((name, function) -> {
            if (function.user() != null) {
                if (function.isolation() == ShardmillProperties.Isolation.JVM) {
                    throw new ShardmillConfigurationException(
                            "shardmill.functions." + name + ".user",
                            "'" + function.user() + "'; isolation jvm can't change users; use isolation process");
                }
                users.put(name, function.user());
            }
        });
        Path environments = properties.environmentsDir();
        if (environments == null && (properties.functionUser() != null || !users.isEmpty())) {
            throw new ShardmillConfigurationException(
                    "shardmill.environments-dir",
                    "is missing; functions of another user need a folder outside of shardmill.data-dir, which that user"
                            + " can't enter; name one, such as /var/lib/shardmill-environments");
        }
        return new ProcessOptions(
                environments == null ? folder.environments() : environments, properties.functionUser(), users);
    }

    @Bean
    Backups.FolderCopy shardmillFunctionsBackup(DeployedFunctions functions) {
        return functions::copyTo;
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
