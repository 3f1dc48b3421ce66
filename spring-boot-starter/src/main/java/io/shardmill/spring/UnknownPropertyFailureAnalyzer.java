package io.shardmill.spring;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which properties of Shardmill there are not, where they are written, and which were meant. Before Boot's own, which can't. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final PropertyNames NAMES = new PropertyNames("shardmill", ShardmillProperties.class);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, UnboundConfigurationPropertiesException cause) {
        List<ConfigurationProperty> unknown = cause.getUnboundProperties().stream()
                .filter(property -> NAMES.isBelow(property.getName()))
                .sorted(Comparator.comparing(ConfigurationProperty::getName))
                .toList();
        if (unknown.isEmpty()) {
            return null;
        }
        String description =
                unknown.stream().map(UnknownPropertyFailureAnalyzer::describe).collect(Collectors.joining("\n"));
        return new FailureAnalysis(
                description, "Correct or remove what is unknown in the application's configuration.", cause);
    }

    private static String describe(ConfigurationProperty property) {
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return property.getName() + ": there is no such property" + NAMES.advice(property.getName()) + origin;
    }
}
