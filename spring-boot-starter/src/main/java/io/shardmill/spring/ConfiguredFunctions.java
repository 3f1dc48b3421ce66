package io.shardmill.spring;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import io.shardmill.lambda.Program;
import io.shardmill.lambda.deploy.CodeSource;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.spring.ShardmillProperties.Function;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Declares the functions of the properties that have code, before anybody gets hold of the bean. */
final class ConfiguredFunctions implements BeanPostProcessor {

    private static final String FUNCTIONS = "shardmill.functions.";

    /** The handler of a bootstrap that names none. */
    private static final String NO_HANDLER = "bootstrap";

    private final ObjectProvider<ShardmillProperties> properties;

    ConfiguredFunctions(ObjectProvider<ShardmillProperties> properties) {
        this.properties = properties;
    }

    /** @throws ShardmillConfigurationException if a property breaks a rule */
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof DeployedFunctions deployed) {
            try {
                declare(properties.getObject().functions(), deployed);
            } catch (RuntimeException invalid) {
                deployed.close();
                throw invalid;
            }
        }
        return bean;
    }

    /** All or, if a property breaks a rule, none. Code that can't be loaded breaks none: it may still come. */
    private static void declare(Map<String, Function> functions, DeployedFunctions deployed) {
        Map<FunctionConfiguration, CodeSource> declared = new LinkedHashMap<>();
        functions.forEach((name, function) -> {
            if (function.code() != null) {
                declared.put(configuration(name, function), source(name, function, function.code()));
            } else if (function.handler() != null) {
                throw new ShardmillConfigurationException(
                        FUNCTIONS + name + ".code",
                        "is missing: a handler needs a jar, a zip or a folder with its code");
            } else if (!function.layers().isEmpty()) {
                throw new ShardmillConfigurationException(
                        FUNCTIONS + name + ".layers",
                        function.layers() + "; only a function with code has layers; set code, too, or remove them");
            }
        });
        declared.forEach((function, code) -> declare(deployed, function, code));
    }

    private static CodeSource source(String name, Function function, Path code) {
        try {
            return new CodeSource(code, function.layers());
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under(FUNCTIONS + name, invalid);
        }
    }

    private static void declare(DeployedFunctions deployed, FunctionConfiguration function, CodeSource code) {
        String path = FUNCTIONS + function.name();
        try {
            FunctionDescription unused = deployed.declare(function, code, path);
        } catch (IllegalArgumentException impossible) {
            throw ShardmillConfigurationException.under(path, impossible);
        }
    }

    private static FunctionConfiguration configuration(String name, Function function) {
        String path = FUNCTIONS + name;
        try {
            LambdaRuntime runtime = LambdaRuntime.of(function.runtime());
            if (function.handler() == null && runtime.family() != Family.PROVIDED) {
                throw new ShardmillConfigurationException(
                        path + ".handler",
                        runtime.isJava()
                                ? "is missing: it must name a class, such as com.acme.Handler"
                                : "is missing: it must name a file and a function, such as app.handler");
            }
            return new FunctionConfiguration(
                    name,
                    function.description(),
                    new Program(
                            runtime,
                            function.handler() == null ? NO_HANDLER : function.handler(),
                            function.environment(),
                            function.user()),
                    Math.toIntExact(Math.min(function.memory().toMegabytes(), Integer.MAX_VALUE)),
                    new FunctionSettings(function.timeout(), function.reservedConcurrency()),
                    function.isolation());
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under(path, invalid);
        }
    }
}
