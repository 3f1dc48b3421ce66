package io.shardmill.spring;

import io.shardmill.kinesis.Deaggregation;
import io.shardmill.kinesis.KinesisLocation;
import io.shardmill.kinesis.KinesisStream;
import io.shardmill.kinesis.Polling;
import io.shardmill.spring.ShardmillProperties.Aws;
import io.shardmill.spring.ShardmillProperties.Stream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Makes the streams of Kinesis that the properties name. */
final class KinesisProperties {

    private final ShardmillProperties properties;
    private final @Nullable AwsCredentialsProvider credentials;

    /** @param credentials the application's own, or null for the SDK's default chain */
    KinesisProperties(ShardmillProperties properties, @Nullable AwsCredentialsProvider credentials) {
        this.properties = properties;
        this.credentials = credentials;
    }

    /** @throws ShardmillConfigurationException if properties break rules, with all of them */
    Map<String, KinesisStream> streams() {
        Map<String, KinesisStream> streams = new LinkedHashMap<>();
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        properties.streams().forEach((name, stream) -> {
            String property = "shardmill.streams." + name;
            try {
                if (stream.kinesis() == null) {
                    refuseKinesisOnly(property, stream);
                } else {
                    streams.put(name, stream(property, stream.kinesis(), stream));
                }
            } catch (ShardmillConfigurationException fault) {
                faults.add(fault);
            }
        });
        ShardmillConfigurationException.throwIfAny(faults);
        return streams;
    }

    /** Returns where streams are that mappings name by their ARN. */
    KinesisLocation location() {
        Aws aws = properties.aws();
        return checked(
                "shardmill.aws.kinesis",
                () -> new KinesisLocation(
                        null, endpoint(), credentials, aws.kinesis().http2()));
    }

    private @Nullable URI endpoint() {
        URI own = properties.aws().kinesis().endpoint();
        return own == null ? properties.aws().endpoint() : own;
    }

    private KinesisStream stream(String property, String kinesis, Stream stream) {
        KinesisLocation location = checked(
                property,
                () -> new KinesisLocation(
                        region(stream),
                        stream.endpoint() == null ? endpoint() : stream.endpoint(),
                        stream.profile() == null ? credentials : ProfileCredentialsProvider.create(stream.profile()),
                        properties.aws().kinesis().http2()));
        Polling polling = checked(
                property + ".polling",
                () -> new Polling(
                        stream.polling().minimumIdle(),
                        stream.polling().maximumIdle(),
                        stream.polling().readsPerSecond(),
                        stream.polling().bytesPerSecond().toBytes()));
        Deaggregation deaggregation = switch (stream.deaggregate()) {
            case AS_LAMBDA -> Deaggregation.AS_LAMBDA;
            case ALWAYS -> Deaggregation.ALWAYS;
            case NEVER -> Deaggregation.NEVER;
        };
        return checked(property, () -> new KinesisStream(kinesis, stream.consumer(), location, polling, deaggregation));
    }

    private @Nullable Region region(Stream stream) {
        if (StringUtils.hasText(stream.region())) {
            return Region.of(stream.region());
        }
        boolean isOfArn = stream.kinesis() != null && stream.kinesis().startsWith("arn:");
        String common = properties.aws().region();
        return isOfArn || !StringUtils.hasText(common) ? null : Region.of(common);
    }

    private static <T> T checked(String property, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under(property, invalid);
        }
    }

    private static void refuseKinesisOnly(String property, Stream stream) {
        Map<String, @Nullable Object> only = new LinkedHashMap<>();
        only.put("consumer", stream.consumer());
        only.put("region", stream.region());
        only.put("endpoint", stream.endpoint());
        only.put("profile", stream.profile());
        only.put("move", stream.move());
        only.forEach((name, value) -> {
            if (value != null) {
                throw new ShardmillConfigurationException(
                        property + "." + name,
                        "is for streams of Kinesis, and this one is embedded; set " + property
                                + ".kinesis to the name or ARN of a Kinesis stream, or leave this out");
            }
        });
    }
}
