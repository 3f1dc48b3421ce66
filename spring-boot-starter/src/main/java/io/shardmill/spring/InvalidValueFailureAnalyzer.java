package io.shardmill.spring;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Says which values of Shardmill's properties have the wrong type, all at once. Before Boot's own, which knows of the first only. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final String PREFIX = "shardmill";

    private static final Map<Class<?>, String> RULES = Map.of(
            Duration.class, "must be a duration, such as 30s",
            DataSize.class, "must be a size, such as 1MB",
            Instant.class, "must be a time, such as 2026-11-23T10:15:30Z",
            URI.class, "must be a URI, such as http://localhost:4566",
            Integer.class, "must be a whole number",
            Boolean.class, "must be true or false");

    private static final Set<Class<?>> LAMBDAS_WORDS =
            Set.of(ShardmillProperties.StartingPositionType.class, ShardmillProperties.FunctionResponseType.class);

    private final Environment environment;

    InvalidValueFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    /** Binds once more, and continues after each fault. */
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, BindException cause) {
        Faults faults = new Faults(new ArrayList<>());
        try {
            Binder.get(environment).bind(PREFIX, Bindable.of(ShardmillProperties.class), faults);
        } catch (BindException other) {
            // not of a value, or a consequence of those that are left out
        }
        return faults.texts.isEmpty()
                ? null
                : new FailureAnalysis(
                        String.join("\n", faults.texts),
                        "Correct these values in the application's configuration.",
                        cause);
    }

    private record Faults(List<String> texts) implements BindHandler {

        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                throws Exception {
            ConfigurationProperty property = context.getConfigurationProperty();
            if (property == null || !property.getName().equals(name)) {
                throw error;
            }
            String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
            texts.add(name + ": '" + property.getValue() + "' " + rule(target, error) + origin);
            return null;
        }
    }

    private static String rule(Bindable<?> target, Exception error) {
        ResolvableType type = target.getBoxedType();
        Class<?> resolved = type.resolve(Object.class);
        Class<?> value = Collection.class.isAssignableFrom(resolved)
                ? type.asCollection().resolveGeneric(0)
                : resolved;
        if (value != null && value.isEnum()) {
            return "must be "
                    + Arrays.stream(value.getEnumConstants())
                            .map(constant -> word(value, constant))
                            .collect(Collectors.joining(" or "));
        }
        String rule = value == null ? null : RULES.get(value);
        return rule == null ? "is not possible: " + error.getMessage() : rule;
    }

    /** Returns a constant as people write it: some are Lambda's own words. */
    private static String word(Class<?> type, Object constant) {
        return LAMBDAS_WORDS.contains(type)
                ? constant.toString()
                : constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
