package io.shardmill.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** What the processors of all shards were told, in the order in which they were. Thread-safe. */
final class Journal implements ShardRecordProcessorFactory {

    private final List<String> turns = new ArrayList<>();
    private final Map<String, List<String>> sequenceNumbers = new TreeMap<>();

    /** Such as {@code shardId-000000000000 begins}. */
    synchronized List<String> turns() {
        return List.copyOf(turns);
    }

    /** Of the records of each shard. */
    synchronized Map<String, List<String>> sequenceNumbers() {
        Map<String, List<String>> copy = new TreeMap<>();
        sequenceNumbers.forEach((shard, numbers) -> copy.put(shard, List.copyOf(numbers)));
        return copy;
    }

    synchronized int records() {
        return sequenceNumbers.values().stream().mapToInt(List::size).sum();
    }

    private synchronized void turn(String shard, String what) {
        turns.add(shard + " " + what);
    }

    private synchronized void record(String shard, String sequenceNumber) {
        sequenceNumbers.computeIfAbsent(shard, first -> new ArrayList<>()).add(sequenceNumber);
    }

    @Override
    public ShardRecordProcessor shardRecordProcessor() {
        return new Processor();
    }

    private final class Processor implements ShardRecordProcessor {

        private String shard = "";

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
            turn(shard, "begins");
        }

        @Override
        public void processRecords(ProcessRecordsInput input) {
            for (KinesisClientRecord each : input.records()) {
                record(shard, each.sequenceNumber());
            }
            checkpoint(input.checkpointer());
        }

        @Override
        public void leaseLost(LeaseLostInput input) {
            turn(shard, "is lost");
        }

        @Override
        public void shardEnded(ShardEndedInput input) {
            turn(shard, "ends");
            checkpoint(input.checkpointer());
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {
            checkpoint(input.checkpointer());
        }

        private void checkpoint(RecordProcessorCheckpointer checkpointer) {
            try {
                checkpointer.checkpoint();
            } catch (InvalidStateException | ShutdownException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
