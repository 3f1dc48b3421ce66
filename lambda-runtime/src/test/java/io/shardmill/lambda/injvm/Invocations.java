package io.shardmill.lambda.injvm;

import io.shardmill.function.InvocationContext;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.testkit.Events;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Invocations as the engine makes them, with the engine's own event. */
final class Invocations {

    static final Shard SHARD = new Shard("orders", "shardId-000000000000");
    static final Instant ARRIVAL = Instant.parse("2026-09-19T08:30:23.187Z");
    static final String STREAM_ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

    private Invocations() {}

    static Invocation of(String... texts) {
        List<Record> records = IntStream.range(0, texts.length)
                .mapToObj(index -> Record.of(SHARD, SequenceNumber.of(100 + index), "key", texts[index], ARRIVAL))
                .toList();
        return of(records, null, Payload.of(json(records).getBytes(StandardCharsets.UTF_8)));
    }

    /** An invocation with an event of any content. */
    static Invocation ofEvent(String json) {
        return of(List.of(), null, Payload.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    static Invocation of(List<Record> records, @Nullable Window window, Payload event) {
        return new Invocation(
                new Invocation.Origin("mapping", SHARD, 0, 1),
                new Invocation.Attempt("8b2c3a4e-0000-4000-8000-000000000001", 1),
                records,
                window,
                event);
    }

    static String json(List<Record> records) {
        return Events.json(KinesisFormat.of(STREAM_ARN), records);
    }

    static Answer invoke(InvocableFunction function, Invocation invocation) throws Exception {
        return InvocationContext.call(new Current(invocation), () -> function.invoke(invocation));
    }

    static Answer invoke(InvocableFunction function, String... texts) throws Exception {
        return invoke(function, of(texts));
    }

    private record Current(Invocation invocation) implements InvocationContext {
        @Override
        public String requestId() {
            return invocation.attempt().requestId();
        }

        @Override
        public String functionName() {
            return "orders";
        }

        @Override
        public String mapping() {
            return invocation.mapping();
        }

        @Override
        public Shard shard() {
            return invocation.shard();
        }

        @Override
        public int attempt() {
            return invocation.attempt().number();
        }

        @Override
        public long fencingToken() {
            return 1;
        }

        @Override
        public Duration remainingTime() {
            return Duration.ofMillis(29_750);
        }
    }
}
