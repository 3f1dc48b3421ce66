package io.shardmill.spring;

import io.shardmill.destinations.aws.AwsDestinations;
import io.shardmill.destinations.aws.AwsSettings;
import io.shardmill.destinations.aws.DestinationService;
import io.shardmill.spring.ShardmillProperties.Aws;
import java.net.URI;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.util.StringUtils;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * On-failure destinations by ARN, for applications with the module {@code shardmill-aws-destinations}. Beside the
 * other catalogs, after them.
 */
@AutoConfiguration(after = ShardmillAutoConfiguration.class)
@ConditionalOnClass(AwsDestinations.class)
public final class ShardmillAwsDestinationsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    AwsDestinations shardmillAwsDestinations(
            ShardmillProperties properties,
            ObjectProvider<AwsCredentialsProvider> credentials,
            ObjectProvider<AwsRegionProvider> region) {
        Aws aws = properties.aws();
        AwsSettings settings = new AwsSettings(
                credentials.getIfUnique(),
                StringUtils.hasText(aws.region())
                        ? () -> Region.of(aws.region())
                        : region.getIfUnique(DefaultAwsRegionProviderChain::new),
                Map.of());
        settings = at(aws.sqs(), DestinationService.SQS, aws, settings);
        settings = at(aws.sns(), DestinationService.SNS, aws, settings);
        return new AwsDestinations(at(aws.s3(), DestinationService.S3, aws, settings));
    }

    /** @throws ShardmillConfigurationException if the endpoint is no http URI */
    private static AwsSettings at(Aws.Service properties, DestinationService service, Aws aws, AwsSettings settings) {
        URI own = properties.endpoint();
        URI endpoint = own == null ? aws.endpoint() : own;
        try {
            return endpoint == null ? settings : settings.with(service, endpoint);
        } catch (IllegalArgumentException invalid) {
            String prefix = own == null ? "shardmill.aws" : "shardmill.aws." + service.id();
            throw ShardmillConfigurationException.under(prefix, invalid);
        }
    }
}
