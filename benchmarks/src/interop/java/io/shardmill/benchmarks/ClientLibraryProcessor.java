package io.shardmill.benchmarks;

import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** Hands a shard's records to the handler, and checkpoints after each batch that it has returned from. */
final class ClientLibraryProcessor implements ShardRecordProcessor {

    private final Received received;

    ClientLibraryProcessor(Received received) {
        this.received = received;
    }

    @Override
    public void initialize(InitializationInput input) {}

    @Override
    public void processRecords(ProcessRecordsInput input) {
        received.accept(input.records().stream()
                .map(KinesisClientRecord::data)
                .map(StampedRecord::of)
                .toList());
        checkpoint(input.checkpointer());
    }

    @Override
    public void leaseLost(LeaseLostInput input) {}

    @Override
    public void shardEnded(ShardEndedInput input) {
        checkpoint(input.checkpointer());
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
        checkpoint(input.checkpointer());
    }

    private static void checkpoint(RecordProcessorCheckpointer checkpointer) {
        try {
            checkpointer.checkpoint();
            RequestCount.checkpointed();
        } catch (ShutdownException lost) {
            return; // another worker has the shard, or this one stops: the records come again
        } catch (InvalidStateException noTable) {
            throw new IllegalStateException(noTable);
        }
    }
}
