package io.shardmill.spring.test;

import io.shardmill.function.Record;
import io.shardmill.poller.destination.DestinationCatalog;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is sent, whatever the destination's name. Thread-safe. */
public final class RecordingDestination implements OnFailureDestination, DestinationCatalog {

    private final List<DiscardedBatch> batches = new CopyOnWriteArrayList<>();

    @Override
    public Optional<OnFailureDestination> find(String name) {
        return Optional.of(this);
    }

    @Override
    public void send(DiscardedBatch batch) {
        batches.add(batch);
    }

    /** The batches so far, in the order of their arrival. */
    public List<DiscardedBatch> batches() {
        return List.copyOf(batches);
    }

    /** The records of all batches so far. */
    public List<Record> records() {
        return batches.stream().flatMap(batch -> batch.records().stream()).toList();
    }

    /** Forgets what it has. */
    public void clear() {
        batches.clear();
    }
}
