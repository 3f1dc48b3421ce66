package io.shardmill.spring;

import io.shardmill.poller.control.EngineSettings;
import io.shardmill.runtime.FunctionSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.core.env.Environment;

/** The engine's settings as the properties have them. */
final class EngineProperties {

    private static final String DEFAULT_NAMESPACE = "default";

    private EngineProperties() {}

    /**
     * @param application the application's name, or an empty text
     * @throws ShardmillConfigurationException if a property breaks a rule
     */
    static EngineSettings settings(ShardmillProperties properties, String application) {
        String namespace = properties.namespace();
        if (namespace == null) {
            namespace = application.isBlank() ? DEFAULT_NAMESPACE : application;
        }
        try {
            return new EngineSettings(
                    namespace,
                    properties.checkpointInterval(),
                    properties.checkpointPatience(),
                    properties.shutdownTimeout(),
                    properties.maximumConcurrency(),
                    properties.showPayloads());
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under("shardmill", invalid);
        }
    }

    /** @throws ShardmillConfigurationException if a property breaks a rule */
    static Function<String, FunctionSettings> functionSettings(ShardmillProperties properties) {
        Map<String, FunctionSettings> settings = new HashMap<>();
        properties.functions().forEach((name, function) -> {
            try {
                settings.put(name, new FunctionSettings(function.timeout(), function.reservedConcurrency()));
            } catch (IllegalArgumentException invalid) {
                throw ShardmillConfigurationException.under("shardmill.functions." + name, invalid);
            }
        });
        return name -> settings.getOrDefault(name, FunctionSettings.defaults());
    }

    /** Returns the key of the application's checkpoints. */
    static String namespace(ShardmillProperties properties, Environment environment) {
        return settings(properties, environment.getProperty("spring.application.name", ""))
                .namespace();
    }
}
