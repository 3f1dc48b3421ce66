package io.shardmill.spring;

import io.shardmill.function.Record;
import java.util.ArrayList;
import java.util.List;

/** What a function was given, batch by batch. Thread-safe. */
final class Deliveries {

    private final List<List<String>> batches = new ArrayList<>();

    synchronized void add(List<Record> batch) {
        batches.add(batch.stream().map(Record::text).toList());
    }

    synchronized void addTexts(List<String> batch) {
        batches.add(List.copyOf(batch));
    }

    synchronized List<List<String>> batches() {
        return List.copyOf(batches);
    }

    synchronized List<String> texts() {
        return batches.stream().flatMap(List::stream).toList();
    }
}
