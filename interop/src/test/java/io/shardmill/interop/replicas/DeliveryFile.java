package io.shardmill.interop.replicas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.shardmill.function.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What several processes have delivered, in a file to which all of them append, in the order in which they did. */
final class DeliveryFile {

    /** One line. */
    record Delivery(String replica, String shard, long offset, String key, long ordinal) {

        private static Delivery parse(String line) {
            String[] words = line.split(" ", 5);
            return new Delivery(words[0], words[1], Long.parseLong(words[2]), words[3], Long.parseLong(words[4]));
        }

        private String line() {
            return String.join(" ", replica, shard, Long.toString(offset), key, Long.toString(ordinal)) + "\n";
        }

        private String text() {
            return key + " " + ordinal;
        }
    }

    private final Path file;

    /** Makes the file if it is missing. */
    DeliveryFile(Path file) {
        this.file = file;
        append("");
    }

    private void append(String lines) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            // In one write, which the system doesn't mix with others'.
            ByteBuffer bytes = UTF_8.encode(lines);
            int length = bytes.remaining();
            if (channel.write(bytes) < length) {
                throw new IllegalStateException("the disk is full");
            }
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    void add(String replica, List<Record> batch) {
        append(batch.stream()
                .map(record -> new Delivery(
                        replica,
                        record.shardId(),
                        Long.parseLong(record.sequenceNumber().toString()),
                        record.partitionKey(),
                        Long.parseLong(record.text())))
                .map(Delivery::line)
                .collect(joining()));
    }

    /** Returns all that were written until now. */
    List<Delivery> all() {
        try {
            String text = Files.readString(file, UTF_8);
            try (Stream<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines()) {
                return lines.map(Delivery::parse).toList();
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Returns how many records of all keys up to an ordinal were never delivered. */
    long missing(long upTo) {
        return upTo * Producer.KEYS
                - all().stream()
                        .filter(delivery -> delivery.ordinal() <= upTo)
                        .map(Delivery::text)
                        .distinct()
                        .count();
    }

    /** Returns the shards that a replica has delivered after so many deliveries. */
    Set<String> shards(String replica, int after) {
        Set<String> shards = new HashSet<>();
        all().stream()
                .skip(after)
                .filter(delivery -> delivery.replica().equals(replica))
                .forEach(delivery -> shards.add(delivery.shard()));
        return shards;
    }

    /** Returns how many deliveries, after so many, were of records before these offsets of their shards. */
    long before(Map<String, Long> offsets, int after) {
        return all().stream()
                .skip(after)
                .filter(delivery -> delivery.offset() < offsets.getOrDefault(delivery.shard(), 0L))
                .count();
    }

    /** Returns how many deliveries were not the first of their record. */
    long duplicates() {
        List<Delivery> all = all();
        return all.size() - all.stream().map(Delivery::text).distinct().count();
    }

    /** Returns how many records were delivered for the first time when the one before them of their key was not. */
    long outOfOrder() {
        Map<String, Long> newest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        long outOfOrder = 0;
        for (Delivery delivery : all()) {
            if (seen.add(delivery.text())) {
                Long before = newest.put(delivery.key(), delivery.ordinal());
                outOfOrder += delivery.ordinal() == (before == null ? 1 : before + 1) ? 0 : 1;
            }
        }
        return outOfOrder;
    }
}
