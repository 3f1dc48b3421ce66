package io.shardmill.spring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.shardmill.function.Shard;
import io.shardmill.kinesis.ReadObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Counts the requests to Kinesis, and what they bring, by stream and shard. */
final class KinesisMeters implements ReadObserver {

    private final MeterRegistry registry;
    private final Map<Shard, ShardMeters> shards = new ConcurrentHashMap<>();

    KinesisMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    private record ShardMeters(
            Counter reads,
            Counter records,
            Counter bytes,
            Counter strayed,
            Counter throttled,
            Counter failed,
            Counter subscriptions,
            AtomicLong behindMillis,
            TimeGauge behind) {

        Stream<Meter> all() {
            return Stream.of(reads, records, bytes, strayed, throttled, failed, subscriptions, behind);
        }
    }

    private ShardMeters of(Shard shard) {
        return shards.computeIfAbsent(shard, this::register);
    }

    private ShardMeters register(Shard shard) {
        AtomicLong behind = new AtomicLong();
        TimeGauge gauge = TimeGauge.builder(
                        "shardmill.kinesis.behind", behind, TimeUnit.MILLISECONDS, AtomicLong::doubleValue)
                .description("How far the last answer was behind the newest record of the shard")
                .tag("stream", shard.stream())
                .tag("shard", shard.id())
                .register(registry);
        return new ShardMeters(
                counter(shard, "reads", "Answered reads, and events of subscriptions"),
                counter(shard, "records", "Records that Kinesis sent"),
                counter(shard, "bytes", "Data of the records that Kinesis sent"),
                counter(shard, "strayed", "Unpacked records that were dropped, because they belong to another shard"),
                counter(shard, "throttled", "Reads that Kinesis refused because too much is read of the shard"),
                counter(shard, "failed", "Reads and subscriptions that failed, and are tried again"),
                counter(shard, "subscriptions", "Subscriptions that were asked for"),
                behind,
                gauge);
    }

    private Counter counter(Shard shard, String name, String description) {
        return Counter.builder("shardmill.kinesis." + name)
                .description(description)
                .tag("stream", shard.stream())
                .tag("shard", shard.id())
                .register(registry);
    }

    @Override
    public void read(Shard shard, int records, long bytes, long millisBehindLatest) {
        ShardMeters meters = of(shard);
        meters.reads.increment();
        meters.records.increment(records);
        meters.bytes.increment((double) bytes);
        meters.behindMillis.set(millisBehindLatest);
    }

    @Override
    public void strayed(Shard shard, int records) {
        of(shard).strayed.increment(records);
    }

    @Override
    public void ended(Shard shard) {
        ShardMeters ended = shards.remove(shard);
        if (ended != null) {
            ended.all().forEach(registry::remove);
        }
    }

    @Override
    public void throttled(Shard shard) {
        of(shard).throttled.increment();
    }

    @Override
    public void failed(Shard shard) {
        of(shard).failed.increment();
    }

    @Override
    public void subscribed(Shard shard) {
        of(shard).subscriptions.increment();
    }
}
