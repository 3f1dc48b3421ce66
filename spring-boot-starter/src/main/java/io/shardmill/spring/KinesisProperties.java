package io.shardmill.spring;

import io.shardmill.kinesis.Deaggregation;
import io.shardmill.kinesis.KinesisLocation;
import io.shardmill.kinesis.KinesisStream;
import io.shardmill.kinesis.Polling;
import io.shardmill.spring.ShardmillProperties.Aws;
import io.shardmill.spring.ShardmillProperties.Stream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
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

    /** By name: streams of one profile share their clients. */
    private final Map<String, AwsCredentialsProvider> profiles = new HashMap<>();

    /** @param credentials the application's own, or null for the SDK's default chain */
    KinesisProperties(ShardmillProperties properties, @Nullable AwsCredentialsProvider credentials) {
        this.properties = properties;
        this.credentials = credentials;
    }

    /** @throws ShardmillConfigurationException if properties break rules, with all of them */
    Map<String, KinesisStream> streams() {
        KinesisLocation unusedChecked = location(); // first: what is wrong for all is no stream's own
        Map<String, KinesisStream> streams = new LinkedHashMap<>();
        List<ShardmillConfigurationException> faults = new ArrayList<>();
        properties.streams().forEach((name, stream) -> {
            String property = "shardmill.streams." + name;
            try {
                if (stream.kinesis() == null) {
                    refuseKinesisOnly(property, stream);
                } else {
                    KinesisStream made = stream(property, stream.kinesis(), stream);
                    requireOwnConsumer(property, made, streams);
                    streams.put(name, made);
                }
            } catch (ShardmillConfigurationException fault) {
                faults.add(fault);
            }
        });
        ShardmillConfigurationException.throwIfAny(faults);
        return streams;
    }

    private static void requireOwnConsumer(String property, KinesisStream stream, Map<String, KinesisStream> others) {
        others.forEach((name, other) -> {
            if (stream.consumer() != null
                    && stream.consumer().equals(other.consumer())
                    && stream.stream().equals(other.stream())
                    && stream.location().equals(other.location())) {
                throw new ShardmillConfigurationException(
                        property + ".consumer",
                        "'" + stream.consumer() + "' is that of shardmill.streams." + name
                                + ", too, and a consumer is for one mapping; name another one");
            }
        });
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
                        credentials(stream.profile()),
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

    private @Nullable AwsCredentialsProvider credentials(@Nullable String profile) {
        return profile == null ? credentials : profiles.computeIfAbsent(profile, ProfileCredentialsProvider::create);
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
                        "is for streams of Kinesis; set " + property
                                + ".kinesis to the name or ARN of a Kinesis stream, or leave this out");
            }
        });
    }
}
