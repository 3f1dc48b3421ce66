package io.shardmill.documents;

import io.shardmill.documents.Document.Block;
import io.shardmill.spring.ShardmillProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

/** A block of YAML as Spring Boot reads it. Placeholders stay as they are. */
record Configuration(Block block, List<ConfigurationPropertySource> properties) {

    private static final ConfigurationPropertyName SHARDMILL = ConfigurationPropertyName.of("shardmill");

    static Configuration of(Block block) {
        List<ConfigurationPropertySource> properties = new ArrayList<>();
        try {
            new YamlPropertySourceLoader()
                    .load(block.place(), new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)))
                    .forEach(source -> ConfigurationPropertySources.from(source).forEach(properties::add));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(block.place(), unreadable);
        }
        return new Configuration(block, properties);
    }

    boolean isAboutShardmill() {
        return properties.stream()
                .anyMatch(source -> source.containsDescendantOf(SHARDMILL) == ConfigurationPropertyState.PRESENT);
    }

    /** Returns where and why the block does not bind to the properties. */
    Optional<String> fault() {
        BindHandler refusingUnknown = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);
        try {
            new Binder(properties).bind(SHARDMILL, Bindable.of(ShardmillProperties.class), refusingUnknown);
            return Optional.empty();
        } catch (BindException invalid) {
            return Optional.of(block.place() + ": " + invalid.getMessage() + ": " + invalid.getCause());
        }
    }
}
