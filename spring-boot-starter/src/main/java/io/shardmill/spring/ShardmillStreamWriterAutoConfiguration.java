package io.shardmill.spring;

import io.shardmill.function.StreamWriter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** One writer for all kinds of streams, in applications that have several. */
@AutoConfiguration(after = {ShardmillKinesisAutoConfiguration.class, ShardmillKafkaAutoConfiguration.class})
public final class ShardmillStreamWriterAutoConfiguration {

    @Bean
    @Primary
    @ConditionalOnBean(StreamRoute.class)
    StreamWriter shardmillStreamWriter(ObjectProvider<StreamRoute> routes, ObjectProvider<StreamWriter> writers) {
        return StreamWriters.of(routes.orderedStream().toList(), writers);
    }
}
