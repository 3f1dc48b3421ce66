package io.shardmill.poller.testkit;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.SourceType;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stream in memory that behaves: shards, splits, merges, trimming, outages. Thread-safe. */
public final class FakeStream implements StreamSource {

    /** One shard's records, numbered 10, 20, 30, … over the whole stream. */
    private static final class Log {
        final String id;
        final List<String> parents;
        final List<Record> records = new ArrayList<>();
        final Set<FakeReader> readers = new LinkedHashSet<>();
        /** Where the log was cut off, the first time first: its epoch is how often. */
        final List<Integer> cuts = new ArrayList<>();

        boolean closed;
        int trimmed;

        Log(String id, List<String> parents) {
            this.id = id;
            this.parents = parents;
        }
    }

    private final String name;
    private final SourceType type;
    private final InstantSource clock;
    private final Map<String, Log> shards = new LinkedHashMap<>();
    private final Map<String, Log> forgotten = new LinkedHashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private long lastNumber;
    private int created;
    private int incarnation;
    private boolean exists = true;
    private @Nullable String outage;
    private int readLimit = Integer.MAX_VALUE;
    private boolean unpacks;

    public FakeStream(String name, int shards, InstantSource clock) {
        this(name, shards, clock, 1);
    }

    /** A topic of Kafka: shards are partitions, each with offsets of its own from 0 on. */
    public static FakeStream topic(String name, int partitions, InstantSource clock) {
        return new FakeStream(name, partitions, clock, 1, new SourceType.Kafka("b-1:9092,b-2:9092", null));
    }

    /** @param incarnation the number of its first one, which tells it from another stream of that name */
    public FakeStream(String name, int shards, InstantSource clock, int incarnation) {
        this(name, shards, clock, incarnation, SourceType.KINESIS);
    }

    private FakeStream(String name, int shards, InstantSource clock, int incarnation, SourceType type) {
        this.name = name;
        this.type = type;
        this.clock = clock;
        this.incarnation = incarnation;
        for (int count = 0; count < shards; count++) {
            addShard(List.of());
        }
    }

    private String addShard(List<String> parents) {
        String id = isTopic() ? name + "-" + created : String.format("shardId-%012d", created);
        created++;
        shards.put(id, new Log(id, parents));
        return id;
    }

    // What tests do to it.

    /** Puts a text into the shard; arrives now. */
    public synchronized Record put(String shard, String key, String text) {
        return put(shard, key, text.getBytes(StandardCharsets.UTF_8), clock.millis());
    }

    /** Puts bytes that arrived at the given time. */
    public synchronized Record put(String shard, String key, byte[] data, long arrivalMillis) {
        Log log = log(shard);
        if (log.closed) {
            throw new IllegalStateException(shard + " is closed");
        }
        if (isTopic()) {
            return append(log, key.getBytes(StandardCharsets.UTF_8), data, List.of(), arrivalMillis);
        }
        lastNumber += 10;
        Record record =
                Record.of(new Shard(name, shard), SequenceNumber.of(lastNumber), key, partOfChunk(data), arrivalMillis);
        log.records.add(record);
        wake(log);
        return record;
    }

    /** Returns the data as a reader has it that has read more at once. */
    private static ByteBuffer partOfChunk(byte[] data) {
        return ByteBuffer.wrap(Arrays.copyOf(data, data.length + 1), 0, data.length);
    }

    /** Puts into the first partition of a topic; null for no key or no value. */
    public synchronized Record put(byte @Nullable [] key, byte @Nullable [] value, KafkaMetadata.Header... headers) {
        return append(log(shardIds().get(0)), key, value, List.of(headers), clock.millis());
    }

    private Record append(
            Log log,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<KafkaMetadata.Header> headers,
            long timestamp) {
        int partition = Integer.parseInt(log.id.substring(name.length() + 1));
        KafkaMetadata kafka = new KafkaMetadata(
                name, partition, log.records.size(), KafkaMetadata.TimestampType.CREATE_TIME, key, headers);
        Record record = Record.ofKafka(new Shard(name, log.id), kafka, value, timestamp);
        log.records.add(record);
        wake(log);
        return record;
    }

    private boolean isTopic() {
        return type instanceof SourceType.Kafka;
    }

    /** Puts into the first shard, with a key of the record's own. */
    public synchronized Record put(String text) {
        return put(shardIds().get(0), text, text);
    }

    /** Puts texts into the first shard that come unpacked from one record, each with a key of its own. */
    public synchronized List<Record> putAggregated(String... texts) {
        Log log = log(shardIds().get(0));
        unpacks = true;
        lastNumber += 10;
        List<Record> unpacked = new ArrayList<>();
        for (String text : texts) {
            SequenceNumber number = SequenceNumber.of(lastNumber).withSubSequence(unpacked.size() + 1);
            unpacked.add(Record.of(new Shard(name, log.id), number, text, text, clock.instant()));
        }
        log.records.addAll(unpacked);
        wake(log);
        return unpacked;
    }

    public synchronized List<String> shardIds() {
        return List.copyOf(shards.keySet());
    }

    public synchronized List<String> openShards() {
        return shards.values().stream()
                .filter(log -> !log.closed)
                .map(log -> log.id)
                .toList();
    }

    /** All records of a shard that were ever put, trimmed ones included. */
    public synchronized List<Record> records(String shard) {
        return List.copyOf(log(shard).records);
    }

    public synchronized List<String> split(String shard) {
        close(shard);
        List<String> children = List.of(addShard(List.of(shard)), addShard(List.of(shard)));
        changed();
        return children;
    }

    public synchronized String merge(String first, String second) {
        close(first);
        close(second);
        String child = addShard(List.of(first, second));
        changed();
        return child;
    }

    /** A topic gets another partition. */
    public synchronized String addPartition() {
        String added = addShard(List.of());
        changed();
        return added;
    }

    /** Closes a shard; its readers learn it when they come to the end. */
    public synchronized void close(String shard) {
        log(shard).closed = true;
        wake(log(shard));
    }

    /** Closes all shards for good: nothing is put any more. */
    public synchronized void closeAll() {
        openShards().forEach(this::close);
    }

    /** The shard's oldest records are gone. */
    public synchronized void trim(String shard, int records) {
        log(shard).trimmed += records;
    }

    /** A partition's newest records are gone, and others will have their offsets. Returns the first of these. */
    public synchronized int truncate(String partition, int records) {
        Log log = log(partition);
        int end = Math.max(0, log.records.size() - records);
        log.records.subList(end, log.records.size()).clear();
        log.cuts.add(end);
        return end;
    }

    /** Returns the epoch of what is put into a partition now. */
    synchronized int epoch(String partition) {
        Log log = shards.get(partition);
        return log == null ? 0 : log.cuts.size();
    }

    /** Returns whether a partition has lost something of what was read up to the offset in that epoch. */
    synchronized boolean hasLost(String partition, long offset, int epoch) {
        Log log = shards.get(partition);
        return log != null
                && (offset > log.records.size() || log.cuts.stream().skip(epoch).anyMatch(end -> end < offset));
    }

    /** A closed shard is no longer listed, and its records are gone. */
    public synchronized void forget(String shard) {
        Log log = log(shard);
        log.trimmed = log.records.size();
        forgotten.put(shard, log);
        shards.remove(shard);
        changed();
    }

    /** Reads and listings fail, until null is given. */
    public synchronized void outage(@Nullable String reason) {
        outage = reason;
    }

    /** Reads give at most this many records. */
    public synchronized void readLimit(int records) {
        readLimit = records;
    }

    public synchronized void delete() {
        exists = false;
        List<Log> gone = List.copyOf(shards.values());
        shards.clear();
        forgotten.clear();
        gone.forEach(FakeStream::wake);
        changed();
    }

    /** Creates the stream again, under its name, with as many shards. */
    public synchronized void createAgain(int shards) {
        exists = true;
        incarnation++;
        created = 0;
        for (int count = 0; count < shards; count++) {
            addShard(List.of());
        }
        changed();
    }

    /** The process that read it died: drops its watchers. */
    public synchronized void crash() {
        listeners.clear();
        shards.values().forEach(log -> log.readers.clear());
    }

    private synchronized void forget(Runnable listener) {
        listeners.remove(listener);
    }

    private void changed() {
        List.copyOf(listeners).forEach(Runnable::run);
    }

    private static void wake(Log log) {
        List.copyOf(log.readers).forEach(reader -> reader.wake.run());
    }

    private Log log(String shard) {
        Log log = shards.get(shard);
        if (log == null) {
            throw new IllegalArgumentException("no shard " + shard);
        }
        return log;
    }

    // The port.

    @Override
    public String arn() {
        return (isTopic()
                        ? "arn:aws:kafka:us-east-1:123456789012:topic/"
                        : "arn:aws:kinesis:us-east-1:123456789012:stream/")
                + name;
    }

    @Override
    public SourceType type() {
        return type;
    }

    /** Which of the streams of this name it is. */
    public synchronized String incarnation() {
        return "incarnation-" + incarnation;
    }

    @Override
    public synchronized StreamDescription describe() {
        requireThere();
        return new StreamDescription(
                incarnation(),
                shards.values().stream()
                        .map(log -> new ShardDescription(log.id, log.parents))
                        .toList());
    }

    private void requireThere() {
        if (outage != null) {
            throw new io.shardmill.poller.stream.StreamUnavailableException(outage, new IllegalStateException(outage));
        }
        if (!exists) {
            throw new StreamNotFoundException("There is no stream '" + name + "'");
        }
    }

    @Override
    public synchronized Map<String, ShardStart> starts(StartingPosition position) {
        requireThere();
        Map<String, ShardStart> starts = new LinkedHashMap<>();
        shards.values().forEach(log -> starts.put(log.id, start(log, position)));
        return starts;
    }

    private static ShardStart start(Log log, StartingPosition position) {
        if (position instanceof StartingPosition.Latest) {
            if (log.closed) {
                return ShardStart.SKIP;
            }
            return ShardStart.from(
                    log.records.isEmpty()
                            ? Position.trimHorizon()
                            : Position.after(
                                    log.records.get(log.records.size() - 1).sequenceNumber()));
        }
        if (position instanceof StartingPosition.AtTimestamp at) {
            boolean before = log.closed
                    && log.records.stream()
                            .noneMatch(record ->
                                    !record.approximateArrivalTimestamp().isBefore(at.timestamp()));
            return before ? ShardStart.SKIP : ShardStart.from(Position.atTimestamp(at.timestamp()));
        }
        return ShardStart.from(Position.trimHorizon());
    }

    @Override
    public synchronized Optional<String> shardHolding(SequenceNumber number) {
        return shards.values().stream()
                .filter(log -> log.records.stream()
                        .anyMatch(record ->
                                record.sequenceNumber().withSubSequence(0).equals(number.withSubSequence(0))))
                .map(log -> log.id)
                .findFirst();
    }

    @Override
    public synchronized boolean unpacks() {
        return unpacks;
    }

    @Override
    public synchronized ShardReader open(String shardId, Position from, Runnable wake) {
        Log old = forgotten.get(shardId);
        return new FakeReader(old == null ? log(shardId) : old, from, wake);
    }

    @Override
    public synchronized AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> forget(listener);
    }

    private final class FakeReader implements ShardReader {

        private final Log log;
        private final Runnable wake;
        private int next;

        FakeReader(Log log, Position from, Runnable wake) {
            this.log = log;
            this.wake = wake;
            while (next < log.records.size() && !isAt(from, log.records.get(next))) {
                next++;
            }
        }

        private static boolean isAt(Position from, Record record) {
            if (from.isPast(record.sequenceNumber())) {
                return false;
            }
            return !(from instanceof Position.AtTimestamp at)
                    || !record.approximateArrivalTimestamp().isBefore(at.timestamp());
        }

        @Override
        public ReadResult read(int maxRecords, int maxBytes) {
            synchronized (FakeStream.this) {
                return next(maxRecords, maxBytes);
            }
        }

        private ReadResult next(int maxRecords, int maxBytes) {
            if (!shards.containsValue(log) && !forgotten.containsValue(log)) {
                return new ReadResult.StreamGone();
            }
            if (outage != null) {
                return new ReadResult.Unavailable(outage, Duration.ofMillis(300));
            }
            if (next < log.trimmed) {
                next = log.trimmed;
                return new ReadResult.Trimmed(Position.trimHorizon());
            }
            if (next < log.records.size()) {
                return new ReadResult.Records(take(Math.min(maxRecords, readLimit), maxBytes));
            }
            if (log.closed) {
                return new ReadResult.ShardEnded();
            }
            log.readers.add(this);
            return new ReadResult.Nothing(true);
        }

        @Override
        public OptionalLong recordsBehind() {
            synchronized (FakeStream.this) {
                return outage == null
                        ? OptionalLong.of(Math.max(0, log.records.size() - Math.max(next, log.trimmed)))
                        : OptionalLong.empty();
            }
        }

        /** Not known of a shard without records. */
        @Override
        public OptionalLong millisBehindLatest() {
            synchronized (FakeStream.this) {
                int last = log.records.size() - 1;
                return last < 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(arrival(last) - arrival(Math.max(0, Math.min(next, log.records.size()) - 1)));
            }
        }

        private long arrival(int index) {
            return log.records.get(index).approximateArrivalTimestamp().toEpochMilli();
        }

        private List<Record> take(int maxRecords, int maxBytes) {
            List<Record> taken = new ArrayList<>();
            long bytes = 0;
            while (next < log.records.size() && taken.size() < maxRecords) {
                Record record = log.records.get(next);
                bytes += record.size();
                if (bytes > maxBytes && !taken.isEmpty()) {
                    break;
                }
                taken.add(record);
                next++;
            }
            return taken;
        }

        @Override
        public void close() {
            synchronized (FakeStream.this) {
                log.readers.remove(this);
            }
        }
    }
}
