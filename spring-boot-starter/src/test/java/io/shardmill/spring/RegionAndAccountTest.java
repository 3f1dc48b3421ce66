package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import io.shardmill.function.PutEntry;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The properties {@code shardmill.region} and {@code shardmill.account-id}. */
class RegionAndAccountTest {

    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    static class Handler {

        @Bean
        List<String> seen() {
            return new CopyOnWriteArrayList<>();
        }

        @Bean
        RequestHandler<KinesisEvent, Void> handler(List<String> seen) {
            return (event, context) -> {
                seen.add(context.getInvokedFunctionArn());
                event.getRecords().forEach(record -> {
                    seen.add(record.getAwsRegion());
                    seen.add(record.getEventSourceARN());
                });
                return null;
            };
        }
    }

    private ApplicationContextRunner application(String region, String accountId) {
        return Apps.in(folder)
                .withUserConfiguration(Handler.class)
                .withPropertyValues(
                        "shardmill.region=" + region,
                        "shardmill.account-id=" + accountId,
                        "shardmill.streams.orders.shards=1",
                        "shardmill.mappings.handler.stream=orders");
    }

    @Test
    @SuppressWarnings("unchecked")
    void a_function_sees_itself_and_its_stream_in_the_configured_region_and_account() {
        application("eu-central-1", "123456789012").run(context -> {
            context.getBean(StreamWriter.class).putAll("orders", List.of(PutEntry.of("alice", "tea")));
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();

            assertThat((List<String>) context.getBean("seen"))
                    .containsExactly(
                            "arn:aws:lambda:eu-central-1:123456789012:function:handler",
                            "eu-central-1",
                            "arn:aws:kinesis:eu-central-1:123456789012:stream/orders");
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void streams_and_checkpoints_stay_when_the_region_and_the_account_change() {
        application("eu-central-1", "123456789012").run(context -> {
            context.getBean(StreamWriter.class).putAll("orders", List.of(PutEntry.of("alice", "tea")));
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();
        });

        application("us-west-2", "210987654321").run(context -> {
            context.getBean(StreamWriter.class).putAll("orders", List.of(PutEntry.of("bob", "milk")));
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();

            assertThat((List<String>) context.getBean("seen"))
                    .containsExactly(
                            "arn:aws:lambda:us-west-2:210987654321:function:handler",
                            "us-west-2",
                            "arn:aws:kinesis:us-west-2:210987654321:stream/orders");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "local, 123456789012, shardmill.region: 'local' must have the form of AWS's regions",
        "us-east-1, 42, shardmill.account-id: '42' must have 12 digits",
    })
    void a_value_of_another_form_is_an_error_that_names_the_property(String region, String accountId, String message) {
        application(region, accountId)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageStartingWith(message));
    }
}
