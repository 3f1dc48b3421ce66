package io.shardmill.spring;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.spring.ShardmillProperties.Stream;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Creates the embedded streams that are named in the properties, or brings them up to date, before anybody
 * gets hold of the bean: a stream that is configured is there.
 */
final class ConfiguredStreams implements BeanPostProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredStreams.class);

    private final ObjectProvider<ShardmillProperties> properties;

    ConfiguredStreams(ObjectProvider<ShardmillProperties> properties) {
        this.properties = properties;
    }

    /** @throws ShardmillConfigurationException if a property breaks a rule */
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof EmbeddedStreams streams) {
            prepare(streams, properties.getObject().streams());
        }
        return bean;
    }

    private static void prepare(EmbeddedStreams streams, Map<String, Stream> configured) {
        configured.forEach((name, stream) -> {
            if (!stream.isEmbedded()) {
                return;
            }
            String property = "shardmill.streams." + name;
            try {
                StreamOptions options = options(stream);
                boolean exists = streams.list().contains(name);
                StreamInfo info = streams.ensureStream(name, options);
                if (exists) {
                    update(streams, info, stream, options);
                }
            } catch (IllegalArgumentException invalid) {
                throw new ShardmillConfigurationException(property, invalid);
            }
        });
    }

    private static StreamOptions options(Stream stream) {
        StreamOptions options = StreamOptions.ofShards(stream.shards());
        if (stream.retention() != null) {
            options = options.withRetention(stream.retention());
        }
        if (stream.maxRecordSize() != null) {
            options = options.withMaxRecordBytes(
                    Math.toIntExact(Math.min(stream.maxRecordSize().toBytes(), Integer.MAX_VALUE)));
        }
        return options;
    }

    private static void update(EmbeddedStreams streams, StreamInfo info, Stream stream, StreamOptions options) {
        if (stream.retention() != null && !stream.retention().equals(info.retention())) {
            streams.updateRetention(info.name(), stream.retention());
        }
        if (stream.maxRecordSize() != null && options.maxRecordBytes() != info.maxRecordBytes()) {
            streams.updateMaxRecordBytes(info.name(), options.maxRecordBytes());
        }
        if (info.openShards().size() != stream.shards()) {
            LOG.info(
                    "Embedded stream '{}' exists with {} open shards; shardmill.streams.{}.shards={} is for its creation"
                            + " only",
                    info.name(),
                    info.openShards().size(),
                    info.name(),
                    stream.shards());
        }
    }
}
